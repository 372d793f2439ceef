package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The types of a channel's messages on its two sides, compared.
@Timeout(30)
class MessageTypesTest {

    private static final int LIMIT = 512;

    record Here(int number, String name) {}

    record There(long number, String name, boolean isNew) {}

    @Test
    void textUpToTheLimitGoesAsItIs() {
        String longest = "x".repeat(LIMIT);

        assertThat(MessageTypes.of(codec(longest))).isEqualTo(longest);
        assertThat(MessageTypes.of(codec(""))).isEmpty();
    }

    @Test
    void longerTextIsCutAndStillDistinguished() {
        String one = MessageTypes.of(codec("\u20ac".repeat(LIMIT) + "one"));
        String other = MessageTypes.of(codec("\u20ac".repeat(LIMIT) + "other"));

        assertThat(one).isNotEqualTo(other).contains("...#").doesNotContain("\uFFFD");
        assertThat(one.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(LIMIT);
        assertThat(one.substring(one.indexOf('#') + 1)).matches("[0-9a-f]{16}");
    }

    @Test
    void differentStructuresAreRefusedWithTheComponentsThatDiffer() {
        String theirs = Codec.of(There.class).description();

        assertThatThrownBy(() -> MessageTypes.check(Codec.of(Here.class), theirs, "a test"))
                .isInstanceOf(TypeMismatch.class)
                .hasMessage("the two sides of a test differ in the type of its messages:"
                        + " Here.number: int here, long there; Here.isNew: only there: give both"
                        + " the same one");
    }

    record Ends(Sender<Ends> back, int number) {}

    @Test
    void typeThatIsInsideItselfByWayOfAnEndIsNamed() {
        assertThatThrownBy(() -> MessageTypes.check(Codec.of(Ends.class),
                "binary:{back:sender,number:i64}", "a test")).isInstanceOf(TypeMismatch.class)
                .hasMessageContaining(": Ends.number: int here, long there:");
    }

    @Test
    void listsAreNamedWithTheirElements() {
        assertThatThrownBy(() -> MessageTypes.check(Codec.json(new TypeToken<List<Here>>() {}),
                Codec.json(new TypeToken<List<There>>() {}).description(), "a test"))
                .isInstanceOf(TypeMismatch.class)
                .hasMessageContaining(": List<Here>[].number: int here, long there;");
    }

    @Test
    void differentFormatsAreRefusedByTheirNames() {
        assertThatThrownBy(() -> MessageTypes.check(Codec.utf8(), "bytes", "a test"))
                .isInstanceOf(TypeMismatch.class)
                .hasMessageContaining("String here, byte[] there");
        assertThatThrownBy(() -> MessageTypes.check(Codec.json(Here.class),
                Codec.of(Here.class).description(), "a test")).isInstanceOf(TypeMismatch.class);
    }

    @Test
    void sideThatSaysNothingIsNotCompared() {
        assertThatCode(() -> MessageTypes.check(codec(""), "anything", "a test"))
                .doesNotThrowAnyException();
        assertThatCode(() -> MessageTypes.check(Codec.utf8(), "", "a test"))
                .doesNotThrowAnyException();
    }

    private static Codec<String> codec(String description) {
        return new Codec<>() {
            @Override
            public void encode(String message, Encoder out) {
                out.putString(message);
            }

            @Override
            public String decode(Decoder in) {
                return in.getString();
            }

            @Override
            public String description() {
                return description;
            }
        };
    }
}
