package dev.ipcchannel.internal.meet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// An entry of the directory of names: it reads as it was written.
@Timeout(30)
class EntryTest {

    static Entry entry(String name, String role) {
        return new Entry(NameKind.CHANNEL, name, role, "record Word(String text)", 4711,
                "com.example.App");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"words", "two words", "back\\slash \\n", "line\nfeed", "carriage\rreturn",
                "\u0085 next", " leading", "trailing ", ""})
    void whatIsWrittenIsRead(String name) {
        Entry entry = entry(name, "receiver");

        assertThat(Entry.of(entry.toText())).isEqualTo(entry);
    }

    @Test
    void formIsRead() {
        Entry entry =
                new Entry("", NameKind.BROADCAST, "words", Entry.SENDER, Entry.ROUTE, false,
                        "bytes",
                        4711, "com.example.App", "1970-01-01T00:00:01.000001Z");

        assertThat(Entry.of(entry.toText())).isEqualTo(entry);
        assertThat(entry.toText()).contains("\nform route\n",
                "\nsince 1970-01-01T00:00:01.000001Z\n");
    }

    /// The entry is marked in its place, and may be read meanwhile.
    @Test
    void entryOfAMemberThatLingersDiffersInOneByte() {
        Entry entry = entry("words", Entry.SENDER);
        String text = entry.toText();
        String marked = entry.lingering().toText();

        assertThat(marked).hasSameSizeAs(text);
        assertThat(IntStream.range(0, text.length())
                .filter(i -> text.charAt(i) != marked.charAt(i)).count()).isOne();
        assertThat(Entry.of(marked)).isEqualTo(entry.lingering());
        assertThat(entry.lingering().shownRole()).isEqualTo("lingering sender");
    }

    @Test
    void unknownLinesArePassedOver() {
        Entry entry = entry("words", "receiver");

        assertThat(Entry.of(entry.toText() + "colour red\n\nnothing\n")).isEqualTo(entry);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ipc-channel name 1", "ipc-channel name 2\nkind channel\n",
        "ipc-channel name 1\nkind tree\n", "ipc-channel name 1\nkind channel\npid many\n"})
    void whatIsNoEntryIsNone(String text) {
        assertThat(Entry.of(text)).isNull();
    }
}
