package dev.ipcchannel.child;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.ChildFailed;
import dev.ipcchannel.internal.posix.FileNames;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The bytes that a child is started with. [LettersIT] checks that they arrive.
@Timeout(30)
class ChildEncodingTest {

    private static final String CANNOT = "the child cannot be started: its locale does not have the"
            + " letters of ";

    private static final String UNREAD = "\ufffd";

    private final ChildEncoding utf8 = new ChildEncoding(StandardCharsets.UTF_8);
    private final ChildEncoding ascii = new ChildEncoding(StandardCharsets.US_ASCII);
    private final ChildEncoding latin = new ChildEncoding(StandardCharsets.ISO_8859_1);

    @Test
    void lettersThatThisJvmHasLostAreItsOwnToMend() {
        assertThat(ChildEncoding.remedy(UNREAD, StandardCharsets.US_ASCII)).isEqualTo(": this JVM's"
                + " own locale has lost its letters: start this program with LC_ALL=C.UTF-8");
        assertThat(List.of(ChildEncoding.remedy(UNREAD, StandardCharsets.UTF_8),
                ChildEncoding.remedy("\u00fc", StandardCharsets.US_ASCII)))
                .allSatisfy(remedy -> assertThat(remedy).startsWith(": give it a locale that"));
    }

    @Test
    void textIsInTheCharsetOfTheChild() {
        assertThat(utf8.text("argument=x", "\u00fc")).containsExactly(0xc3, 0xbc);
        assertThat(latin.text("argument=x", "\u00fc")).containsExactly(0xfc);
        assertThat(latin.option("-Dx=\u00fc")).containsExactly('-', 'D', 'x', '=', 0xfc);
    }

    @Test
    void textThatTheChildCannotReadIsRefusedByItsName() {
        assertThatThrownBy(() -> ascii.text("variable=GREETING", "\u00fc"))
                .isInstanceOf(ChildFailed.class)
                .hasMessageStartingWith(CANNOT + "what it is given: variable=GREETING, charset=US-"
                        + "ASCII: give it a locale");
        assertThatThrownBy(() -> ascii.option("-Dname=\u00fc"))
                .hasMessageStartingWith(CANNOT + "what it is given: option=-Dname, charset=");
    }

    @Test
    void halfALetterIsNoText() {
        assertThatThrownBy(() -> utf8.text("argument=x", "\ud83d"))
                .hasMessage("the child cannot be started: half of a letter, an unpaired surrogate,"
                        + " is no text: argument=x, index=0: cut texts between letters");
    }

    @Test
    void nameThatIsReadInOtherLettersLeadsToTheSameFile() {
        Path file = Path.of("/tmp", FileNames.canHold("\u00fc") ? "\u00fc" : "u");

        assertThat(latin.name("program", file)).isEqualTo(FileNames.bytes(file));
        assertThat(utf8.name("program", file)).isEqualTo(FileNames.bytes(file));
    }

    @Test
    void entryOfAPathIsRefusedByItself() {
        String what = FileNames.canHold("\u00fc")
                ? CANNOT + "a name: class path=/b\u00fc, charset=US"
                : "the child cannot be started: this JVM's locale does not have the letters of a"
                        + " name: class path=/b\u00fc, charset=";

        assertThatThrownBy(() -> ascii.name("class path", "/a:/b\u00fc:/c"))
                .isInstanceOf(ChildFailed.class).hasMessageStartingWith(what);
    }

    @Test
    void wordsOfThisLocaleCanBeShown() {
        assertThat(ChildEncoding.canSay(Stream.of("a".getBytes(StandardCharsets.UTF_8)))).isTrue();
        assertThat(ChildEncoding.asText("a".getBytes(StandardCharsets.UTF_8))).isEqualTo("a");
        if (FileNames.CHARSET.equals(StandardCharsets.UTF_8)) {
            assertThat(ChildEncoding.canSay(Stream.of(new byte[]{(byte) 0xfc}))).isFalse();
        }
    }
}
