package dev.ipcchannel.named;

import dev.ipcchannel.CodecFailed;
import dev.ipcchannel.IpcException;
import dev.ipcchannel.MessageHandler;
import dev.ipcchannel.internal.base.Argument;
import dev.ipcchannel.internal.receive.Gaps;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// A handler of a [NumberedCodec]'s messages in place. It notes the number of each message, runs
/// the action for messages missing before it, and passes the bytes after the number to the user's
/// handler.
///
/// Used by the receiving thread, one at a time. It is made once, so that nothing is allocated for a
/// message.
final class NumberedHandler implements MessageHandler {

    private static final ValueLayout.OfLong NUMBER =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final NumberedCodec<?> codec;
    private final Gaps gaps;
    private final LongConsumer sentBy = this::sentBy;
    private long sender; // of the next message
    private @Nullable MessageHandler handler;

    NumberedHandler(NumberedCodec<?> codec, Gaps gaps) {
        this.codec = codec;
        this.gaps = gaps;
    }

    /// Starts on the messages of one call. [#end] follows.
    void begin(MessageHandler next) {
        handler = next;
    }

    /// Ends the call.
    void end() {
        handler = null;
    }

    /// The consumer of the sending member's number, which is called before each message.
    LongConsumer sentBy() {
        return sentBy;
    }

    private void sentBy(long member) {
        sender = member;
    }

    @Override
    public void onMessage(MemorySegment memory, long offset, long length) {
        if (length < NumberedCodec.HEAD) {
            throw new CodecFailed(("a broadcast message is shorter than its number: name=%s,"
                    + " bytes=%d, needed=%d: have all senders of the name use IpcChannel")
                    .formatted(gaps.name(), length, NumberedCodec.HEAD));
        }
        codec.note(sender, memory.get(NUMBER, offset));
        gaps.report();
        try {
            Argument.given(handler, "handler").onMessage(memory, offset + NumberedCodec.HEAD,
                    length - NumberedCodec.HEAD);
        } catch (IpcException failure) {
            throw new Thrown(failure);
        }
    }

    /// A wrapper of an exception of a user's handler, to keep it apart from the failures of the
    /// channel itself.
    static final class Thrown extends RuntimeException {

        private final IpcException failure;

        private Thrown(IpcException failure) {
            super(null, failure, false, false);
            this.failure = failure;
        }

        IpcException failure() {
            return failure;
        }
    }
}
