package dev.ipcchannel.internal.job;

import dev.ipcchannel.Codec;
import dev.ipcchannel.CodecFailed;
import dev.ipcchannel.Decoder;
import dev.ipcchannel.Encoder;
import dev.ipcchannel.EndAccess;
import dev.ipcchannel.ProtocolViolation;
import dev.ipcchannel.call.RemoteFailure;
import dev.ipcchannel.internal.base.Headers;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// A row of entries in an array of bytes: the jobs of a batch, or their results. Each entry is
/// written and read by itself, so that one whose codec fails harms none of the others.
///
/// ```text
///     kind (1 byte)   length (4 bytes, little-endian)   bytes of the value
/// ```
///
/// The values contain no ends of channels. The headers of a job are an entry before it, which
/// counts for all jobs up to the next such entry, since the jobs of a stream often have the same.
public final class Row {

    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN)
                    .withInvokeExactBehavior();

    private static final int HEAD = 1 + Integer.BYTES;

    /// The codec of the value of a [Kind#FAILURE].
    public static final Codec<RemoteFailure> FAILURES = Codec.of(RemoteFailure.class);

    private static final Codec<String> TEXT = Codec.of(String.class);

    private Row() {}

    /// The kind of an entry; its ordinal stands in the bytes.
    public enum Kind {

        /// A job whose answer is waited for.
        BIDIRECTIONAL(0),

        /// A job without an answer.
        UNIDIRECTIONAL(1),

        /// The place of a job that is not there: its data could not be written.
        NOTHING(2),

        /// The answer to a job.
        ANSWER(3),

        /// The end of a job without an answer.
        END(4),

        /// The failure of a job.
        FAILURE(5),

        /// The headers of the jobs after it, as text.
        HEADERS(6);

        private static final Kind[] ALL = values();

        private final byte number;

        Kind(int number) {
            this.number = (byte) number;
        }
    }

    /// A writer of a row. One thread at a time uses it, again and again.
    public static final class Writer {

        private static final int FIRST_CAPACITY = 256;
        private static final int KEPT_CAPACITY = 64 * 1024;

        private final Encoder encoder = EndAccess.encoder();
        private byte[] bytes = new byte[FIRST_CAPACITY];
        private int length;
        private int count;
        private String headers = ""; // of the next job

        /// Appends an entry with a value.
        ///
        /// @throws CodecFailed if it cannot be turned into bytes; [Codec#toBytes] names the other
        /// exceptions. After any of them the row is as before
        public <T> void add(Kind kind, T value, Codec<T> codec) {
            append(kind, value, codec);
            count++;
        }

        /// The jobs after this have these headers, none where they are empty.
        public void setHeaders(Headers next) {
            if (!next.text().equals(headers)) {
                append(Kind.HEADERS, next.text(), TEXT);
                headers = next.text();
            }
        }

        private <T> void append(Kind kind, T value, Codec<T> codec) {
            EndAccess.encode(value, codec, encoder);
            int valueLength = encoder.length();
            reserve(HEAD + valueLength);
            EndAccess.copy(encoder, bytes, length + HEAD);
            end(kind, valueLength);
        }

        /// Appends an entry without a value.
        public void add(Kind kind) {
            reserve(HEAD);
            end(kind, 0);
            count++;
        }

        private void reserve(int more) {
            if (length + more > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(length + more, 2 * bytes.length));
            }
        }

        private void end(Kind kind, int valueLength) {
            bytes[length] = kind.number;
            INT.set(bytes, length + 1, valueLength);
            length += HEAD + valueLength;
        }

        /// Entries so far, without those of headers.
        public int count() {
            return count;
        }

        /// Bytes so far.
        public int length() {
            return length;
        }

        /// The row as it is now.
        public byte[] bytes() {
            return Arrays.copyOf(bytes, length);
        }

        /// The row as it is now. The next row begins empty.
        public byte[] take() {
            byte[] row = bytes();
            clear();
            return row;
        }

        /// Drops the row. The next row begins empty.
        public void clear() {
            length = 0;
            count = 0;
            headers = "";
            if (bytes.length > KEPT_CAPACITY) {
                bytes = new byte[FIRST_CAPACITY];
            }
        }
    }

    /// A reader of a row that another process has written, and that is not trusted. One thread at a
    /// time uses it.
    public static final class Reader {

        private final byte[] bytes;
        private final Decoder decoder = EndAccess.decoder();
        private int position;
        private int from; // of the value of the entry at hand
        private int valueLength;
        private Headers headers = Headers.NONE;

        public Reader(byte[] bytes) {
            this.bytes = bytes;
        }

        /// Whether there is another entry.
        public boolean hasNext() {
            return position < bytes.length;
        }

        /// Goes on to the next entry, past those of headers.
        ///
        /// @throws ProtocolViolation if the next bytes cannot be an entry
        public Kind next() {
            Kind kind = entry();
            while (kind == Kind.HEADERS) {
                readHeaders();
                kind = entry();
            }
            return kind;
        }

        private void readHeaders() {
            try {
                headers = Headers.read(value(TEXT));
            } catch (RuntimeException wrong) { // also a text that cannot be read
                throw new ProtocolViolation(String.valueOf(wrong.getMessage()));
            }
        }

        private Kind entry() {
            int left = bytes.length - position - HEAD;
            int kind = left < 0 ? -1 : bytes[position];
            valueLength = left < 0 ? 0 : (int) INT.get(bytes, position + 1);
            if (kind < 0 || kind >= Kind.ALL.length || valueLength < 0 || valueLength > left) {
                throw new ProtocolViolation("a row of jobs is not valid: length=%d, at=%d, kind=%d,"
                        .formatted(bytes.length, position, kind) + " entry=" + valueLength);
            }
            from = position + HEAD;
            position = from + valueLength;
            return Kind.ALL[kind];
        }

        /// The headers of the job at hand.
        public Headers headers() {
            return headers;
        }

        /// The value of the entry at hand.
        ///
        /// @throws CodecFailed if it cannot be read; [Codec#fromBytes] names the other exceptions
        public <T> T value(Codec<T> codec) {
            return EndAccess.valueAt(bytes, from, valueLength, codec, decoder);
        }
    }
}
