package dev.ipcchannel.internal.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.Codec;
import dev.ipcchannel.CodecFailed;
import dev.ipcchannel.ProtocolViolation;
import dev.ipcchannel.call.RemoteFailure;
import dev.ipcchannel.internal.base.Headers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A row of jobs, or of what has become of them, as bytes.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RowTest {

    private static final Codec<String> TEXTS = Codec.of(String.class);
    private static final String UNPAIRED = "\uD800";

    private static byte[] row(String... texts) {
        Row.Writer writer = new Row.Writer();
        for (String text : texts) {
            writer.add(Row.Kind.ANSWER, text, TEXTS);
        }
        return writer.take();
    }

    private static List<String> texts(byte[] row) {
        List<String> texts = new ArrayList<>();
        Row.Reader reader = new Row.Reader(row);
        while (reader.hasNext()) {
            assertThat(reader.next()).isEqualTo(Row.Kind.ANSWER);
            texts.add(reader.value(TEXTS));
        }
        return texts;
    }

    @Test
    void entriesAreReadInTheirOrderWithTheirKinds() {
        Row.Writer writer = new Row.Writer();
        writer.add(Row.Kind.BIDIRECTIONAL, "one", TEXTS);
        writer.add(Row.Kind.NOTHING);
        writer.add(Row.Kind.UNIDIRECTIONAL, "", TEXTS);
        writer.add(Row.Kind.FAILURE, new RemoteFailure("app.Bug", "why", List.of()), Row.FAILURES);
        assertThat(writer.count()).isEqualTo(4);

        Row.Reader reader = new Row.Reader(writer.take());

        assertThat(reader.next()).isEqualTo(Row.Kind.BIDIRECTIONAL);
        assertThat(reader.value(TEXTS)).isEqualTo("one");
        assertThat(reader.next()).isEqualTo(Row.Kind.NOTHING);
        assertThat(reader.next()).isEqualTo(Row.Kind.UNIDIRECTIONAL);
        assertThat(reader.value(TEXTS)).isEmpty();
        assertThat(reader.next()).isEqualTo(Row.Kind.FAILURE);
        assertThat(reader.value(Row.FAILURES).type()).isEqualTo("app.Bug");
        assertThat(reader.hasNext()).isFalse();
    }

    @Test
    void writerBeginsANewRowOnceOneIsTaken() {
        Row.Writer writer = new Row.Writer();
        writer.add(Row.Kind.ANSWER, "first", TEXTS);
        assertThat(texts(writer.take())).containsExactly("first");
        writer.add(Row.Kind.ANSWER, "second", TEXTS);
        assertThat(texts(writer.take())).containsExactly("second");
        assertThat(writer.take()).isEmpty();
    }

    @Test
    void longEntriesHaveRoom() {
        String word = "x".repeat(100_000);
        assertThat(texts(row("a", word, "b", word))).containsExactly("a", word, "b", word);
    }

    @Test
    void valueThatCannotBeWrittenLeavesTheRowAsItWas() {
        Row.Writer writer = new Row.Writer();
        writer.add(Row.Kind.ANSWER, "before", TEXTS);
        int length = writer.length();

        assertThatThrownBy(() -> writer.add(Row.Kind.ANSWER, UNPAIRED, TEXTS))
                .isInstanceOf(CodecFailed.class);

        assertThat(writer.length()).isEqualTo(length);
        assertThat(writer.count()).isEqualTo(1);
        writer.add(Row.Kind.ANSWER, "after", TEXTS);
        assertThat(texts(writer.take())).containsExactly("before", "after");
    }

    @Test
    void valueThatCannotBeReadLeavesTheOthers() {
        Row.Writer writer = new Row.Writer();
        writer.add(Row.Kind.ANSWER, "before", TEXTS);
        writer.add(Row.Kind.ANSWER, new byte[]{(byte) 0xFF}, Codec.bytes());
        writer.add(Row.Kind.ANSWER, "after", TEXTS);
        Row.Reader reader = new Row.Reader(writer.take());

        assertThat(reader.next()).isEqualTo(Row.Kind.ANSWER);
        assertThat(reader.value(TEXTS)).isEqualTo("before");
        assertThat(reader.next()).isEqualTo(Row.Kind.ANSWER);
        assertThatThrownBy(() -> reader.value(TEXTS)).isInstanceOf(CodecFailed.class);
        assertThat(reader.next()).isEqualTo(Row.Kind.ANSWER);
        assertThat(reader.value(TEXTS)).isEqualTo("after");
        assertThat(reader.hasNext()).isFalse();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"kind", "negative kind", "length", "negative length", "cut"})
    void bytesThatAreNoRowAreAViolation(String fault) {
        byte[] row = row("word");
        switch (fault) {
            case "kind" -> row[0] = 6;
            case "negative kind" -> row[0] = -1;
            case "length" -> row[1]++;
            case "negative length" -> row[4] = -1;
            default -> row = new byte[]{3, 0, 0, 0};
        }
        Row.Reader reader = new Row.Reader(row);

        assertThat(reader.hasNext()).isTrue();
        assertThatThrownBy(reader::next).isInstanceOf(ProtocolViolation.class);
    }

    @Test
    void headersCountForAllJobsUpToTheNextOnesAndStandThereOnce() {
        Headers north = Headers.of(Map.of("tenant", "north"));
        Row.Writer writer = new Row.Writer();
        List<Headers> given = List.of(Headers.NONE, north, north, Headers.NONE, north);
        List<Integer> lengths = new ArrayList<>();
        for (Headers headers : given) {
            writer.setHeaders(headers);
            writer.add(Row.Kind.BIDIRECTIONAL, "job", TEXTS);
            lengths.add(writer.length());
        }
        assertThat(writer.count()).isEqualTo(given.size());
        assertThat(lengths.get(2) - lengths.get(1)).as("bytes of the second of the same")
                .isEqualTo(lengths.get(0));

        Row.Reader reader = new Row.Reader(writer.take());
        List<String> read = new ArrayList<>();
        while (reader.hasNext()) {
            assertThat(reader.next()).isEqualTo(Row.Kind.BIDIRECTIONAL);
            assertThat(reader.value(TEXTS)).isEqualTo("job");
            read.add(reader.headers().text());
        }
        assertThat(read).isEqualTo(given.stream().map(Headers::text).toList());

        writer.setHeaders(north);
        writer.add(Row.Kind.BIDIRECTIONAL, "job", TEXTS);
        Row.Reader next = new Row.Reader(writer.take());
        assertThat(next.next()).isEqualTo(Row.Kind.BIDIRECTIONAL);
        assertThat(next.headers().values()).as("of the next row").hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tenant", "=north\n", "tenant=a\nb\n"})
    void foreignHeadersThatAreNoneAreRefused(String text) {
        Row.Writer writer = new Row.Writer();
        writer.add(Row.Kind.HEADERS, text, TEXTS);
        writer.add(Row.Kind.BIDIRECTIONAL, "job", TEXTS);
        Row.Reader reader = new Row.Reader(writer.take());

        assertThatThrownBy(reader::next).isInstanceOf(ProtocolViolation.class);
    }

    /// The row says all that is wrong with itself by that exception: its reader expects no other.
    @Test
    void foreignHeadersThatAreNoTextAreRefused() {
        Row.Writer writer = new Row.Writer();
        writer.add(Row.Kind.HEADERS, -1, Codec.of(Integer.class));
        writer.add(Row.Kind.ANSWER, "done", TEXTS);
        Row.Reader reader = new Row.Reader(writer.take());

        assertThatThrownBy(reader::next).isInstanceOf(ProtocolViolation.class);
    }

    @Test
    void headersBeforeNoJobAreRefused() {
        Row.Writer writer = new Row.Writer();
        writer.setHeaders(Headers.of(Map.of("tenant", "north")));
        Row.Reader reader = new Row.Reader(writer.take());

        assertThatThrownBy(reader::next).isInstanceOf(ProtocolViolation.class);
    }
}
