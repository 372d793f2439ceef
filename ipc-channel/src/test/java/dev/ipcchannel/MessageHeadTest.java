package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The head of a message that cannot be read: its record and its number, if it has them.
@Timeout(60)
class MessageHeadTest {

    /// A record that refuses an empty text when it is decoded.
    record Text(String text) {

        Text {
            if (text.startsWith("lost")) {
                throw new IllegalArgumentException("a lost text");
            }
        }

        @Override
        public String text() {
            return text.isEmpty() ? "lost \ud83d\ude00" : text;
        }
    }

    sealed interface Talk {

        record Ask(long id, Text text) implements Talk {}

        record Named(Text name, long id) implements Talk {}

        record Small(int id, Text text) implements Talk {}

        enum Word implements Talk {
            YES
        }
    }

    record Numbered(long number, Sender<String> end, Text text) {}

    private static final Text LOST = new Text("");
    private static final Talk ASK = new Talk.Ask(-7, LOST);
    private static final MessageHead HEAD = new MessageHead(Talk.Ask.class, -7);

    private static @Nullable MessageHead head(Codec<?> codec, byte[] bytes) {
        CodecFailed failure =
                catchThrowableOfType(CodecFailed.class, () -> codec.fromBytes(bytes));
        assertThat(failure).isNotNull();
        return failure.head();
    }

    private static @Nullable MessageHead headOfJson(String json) {
        return head(Codec.json(Talk.class), json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void recordThatBeginsWithALongHasOne() {
        for (Codec<Talk> codec : List.of(Codec.of(Talk.class), Codec.json(Talk.class))) {
            assertThat(head(codec, codec.toBytes(ASK))).isEqualTo(HEAD);
            assertThat(head(codec, codec.toBytes(new Talk.Named(LOST, 1)))).isNull();
            assertThat(head(codec, codec.toBytes(new Talk.Small(1, LOST)))).isNull();
        }
        Codec<Talk.Ask> alone = Codec.of(Talk.Ask.class);
        assertThat(head(alone, alone.toBytes(new Talk.Ask(3, LOST))))
                .isEqualTo(new MessageHead(Talk.Ask.class, 3));
    }

    @Test
    void hotPlanHasItToo() {
        Codec<Talk> codec = Codec.of(Talk.class);
        byte[] sound = codec.toBytes(new Talk.Ask(1, new Text("sound")));
        for (int i = 0; i < 2000; i++) {
            assertThat(codec.fromBytes(sound)).isNotNull();
        }
        assertThat(head(codec, codec.toBytes(ASK))).isEqualTo(HEAD);
    }

    @Test
    void bytesThatEndEarlyOrGoOnTooLongHaveItWhereTheNumberIs() {
        Codec<Talk> codec = Codec.of(Talk.class);
        byte[] bytes = codec.toBytes(new Talk.Ask(-7, new Text("sound")));
        for (int length = 0; length < bytes.length; length++) {
            MessageHead head = head(codec, Arrays.copyOf(bytes, length));
            assertThat(head).isEqualTo(length < 9 ? null : HEAD);
        }
        assertThat(head(codec, Arrays.copyOf(bytes, bytes.length + 1))).isEqualTo(HEAD);
        bytes[0] = 100; // no case
        assertThat(head(codec, bytes)).isNull();
    }

    @Test
    void membersOfJsonMayHaveAnyOrder() {
        String lost = "\"text\":{\"text\":\"lost \ud83d\ude00\"}";
        assertThat(headOfJson("{\"$type\":\"Ask\",\"id\":-7," + lost + "}")).isEqualTo(HEAD);
        assertThat(headOfJson("{\"$type\":\"Ask\"," + lost + ",\"id\":-7}")).isEqualTo(HEAD);
        assertThat(headOfJson("{\"$type\":\"Ask\",\"strange\":[{},[1]],\"id\":-7}"))
                .isEqualTo(HEAD);
        assertThat(headOfJson("{\"$type\":\"Ask\",\"id\":-7,\"text\":{\"te")).isEqualTo(HEAD);
    }

    @Test
    void jsonWithoutANumberHasNone() {
        for (String json : new String[]{"", "{", "[]", "{\"id\":-7}",
            "{\"id\":-7,\"$type\":\"Ask\"}",
            "{\"$type\":\"Ask\"}", "{\"$type\":\"Ask\",\"id\":\"x\"}",
            "{\"$type\":\"Ask\",\"text\":{\"te",
            "{\"$type\":\"Word\",\"$value\":\"NO\"}", "{\"$type\":\"Nothing\",\"id\":1}",
            "{\"$type\":\"Ask\",\"text\":" + "[".repeat(100_000)}) {
            assertThat(headOfJson(json)).as(json).isNull();
        }
    }

    @Test
    void codecOfAUsersMaySayItAndWhatItThrowsThenIsDropped() {
        Codec<String> codec = new Codec<>() {
            @Override
            public void encode(String message, Encoder out) {
                out.putString(message);
            }

            @Override
            public String decode(Decoder in) {
                throw new StackOverflowError(in.getString());
            }

            @Override
            public MessageHead head(Decoder in) {
                return new MessageHead(String.class, Long.parseLong(in.getString()));
            }
        };
        assertThat(head(codec, codec.toBytes("12"))).isEqualTo(new MessageHead(String.class, 12));
        assertThat(head(codec, codec.toBytes("a dozen"))).isNull();
    }

    @Test
    void whateverTheBytesAreTheyHaveAHeadOrNone() {
        long seed = System.nanoTime();
        System.out.println("seed=" + seed);
        SplittableRandom random = new SplittableRandom(seed);
        for (Codec<Talk> codec : List.of(Codec.of(Talk.class), Codec.json(Talk.class))) {
            byte[] bytes = codec.toBytes(ASK);
            int heads = 0;
            for (int i = 0; i < 20_000; i++) {
                byte[] mutant = Arrays.copyOf(bytes, random.nextInt(bytes.length + 4));
                for (int j = random.nextInt(4); j > 0 && mutant.length > 0; j--) {
                    mutant[random.nextInt(mutant.length)] = (byte) random.nextInt(256);
                }
                heads += headOf(codec, mutant) == null ? 0 : 1;
            }
            assertThat(heads).isBetween(1000, 19_999);
        }
    }

    private static @Nullable MessageHead headOf(Codec<Talk> codec, byte[] bytes) {
        try {
            assertThat(codec.fromBytes(bytes)).isNotNull();
            return null;
        } catch (CodecFailed failure) {
            return failure.head();
        }
    }

    @Test
    void failureThatIsStoredIsStoredWithoutIt() throws Exception {
        Codec<Talk> codec = Codec.of(Talk.class);
        CodecFailed failure =
                catchThrowableOfType(CodecFailed.class, () -> codec.fromBytes(codec.toBytes(ASK)));
        var bytes = new ByteArrayOutputStream();
        try (var out = new ObjectOutputStream(bytes)) {
            out.writeObject(failure);
        }
        try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            assertThat(in.readObject()).isInstanceOfSatisfying(CodecFailed.class,
                    read -> assertThat(read).hasMessage(failure.getMessage()));
        }
    }

    @Test
    void headGoesWithAFailureThatSaysTheSameInOtherWords() {
        Codec<Talk> codec = Codec.of(Talk.class);
        CodecFailed failure =
                catchThrowableOfType(CodecFailed.class, () -> codec.fromBytes(codec.toBytes(ASK)));
        assertThat(new CodecFailed("in other words", failure).head()).isEqualTo(HEAD);
        assertThat(new CodecFailed("in other words").head()).isNull();
    }

    @Test
    void endsInAMessageOfWhichTheHeadIsReadAreClosed() throws Exception {
        try (Channel<Numbered> channel = Channel.create(Numbered.class);
                Channel<String> inside = Channel.create(String.class)) {
            channel.sender().send(new Numbered(5, inside.sender(), LOST));
            CodecFailed failure = catchThrowableOfType(CodecFailed.class,
                    () -> channel.receiver().receive());
            assertThat(failure.head()).isEqualTo(new MessageHead(Numbered.class, 5));
            assertThatThrownBy(() -> inside.receiver().receive()).isInstanceOf(Disconnected.class);
        }
    }
}
