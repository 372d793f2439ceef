package dev.ipcchannel.internal.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.internal.value.CodecException;
import dev.ipcchannel.internal.value.Varint;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A sink and its source, which reads what the sink writes, and believes nothing.
@Timeout(60)
class ByteSinkTest {

    private final ByteSink sink = new ByteSink();

    private ByteSource written() {
        return new ByteSource(sink.head(), 0, sink.length());
    }

    private static ByteSource source(String hex) {
        byte[] bytes = HexFormat.ofDelimiter(" ").parseHex(hex);
        return new ByteSource(bytes, 0, bytes.length);
    }

    @ParameterizedTest
    @CsvSource({"0,1", "127,1", "128,2", "16383,2", "16384,3", "9223372036854775807,9", "-1,10",
        "-9223372036854775808,10"})
    void varintTakesSevenBitsAByteAndComesBack(long value, int length) {
        sink.putVarint(value);

        assertThat(sink.length()).isEqualTo(length).isEqualTo(Varint.length(value));
        assertThat(written().getVarint()).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ff ff ff ff ff ff ff ff ff 02",
        "80 80 80 80 80 80 80 80 80 80 00", "ff ff ff ff ff ff ff ff ff ff"})
    void varintOfMoreThan64BitsIsRefused(String hex) {
        assertThatThrownBy(() -> source(hex).getVarint()).isInstanceOf(CodecException.class)
                .hasMessage("a message has a varint of more than 64 bits");
    }

    @Test
    void readBeyondTheEndIsRefusedAndTakesNothing() {
        ByteSource source = source("01 02 03");

        assertThatThrownBy(source::getInt).isInstanceOf(CodecException.class)
                .hasMessage("a message is cut short: needed=4, left=3");
        assertThatThrownBy(() -> source.getBytes(-1)).isInstanceOf(CodecException.class);
        assertThatThrownBy(() -> source.getLongs(Integer.MAX_VALUE))
                .isInstanceOf(CodecException.class)
                .hasMessage("a message is cut short: needed=17179869176, left=3");
        assertThat(source.remaining()).isEqualTo(3);
        assertThat(source.getShort()).isEqualTo((short) 0x0201);
        assertThat(source.skip(1)).isEqualTo(2);
    }

    @Test
    void countIsBelievedOnlyAsFarAsBytesAreLeft() {
        assertThat(source("02 00 00").getCount(1)).isEqualTo(2);
        assertThatThrownBy(() -> source("03 00 00").getCount(1))
                .isInstanceOf(CodecException.class)
                .hasMessage("a message is cut short: count=3, bytes each=1, left=2");
        assertThatThrownBy(() -> source("02 00 00").getCount(2))
                .isInstanceOf(CodecException.class);
        assertThatThrownBy(() -> source("ff ff ff ff ff ff ff ff ff 01").getCount(1))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("count=18446744073709551615");
    }

    @Test
    void sourceStaysWithinItsPartOfTheArray() {
        var source = new ByteSource(new byte[]{1, 2, 3, 4}, 1, 3);

        assertThat(source.getByte()).isEqualTo(2);
        assertThat(source.remaining()).isEqualTo(1);
        assertThatThrownBy(source::getShort).isInstanceOf(CodecException.class);
        assertThatThrownBy(() -> new ByteSource(new byte[4], 3, 5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("bytes must lie within their array: from=3, limit=5, capacity=4");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "ä", "€", "\ud83d\ude00", "a\ufffdb"})
    void stringOfEveryLengthComesBack(String unit) {
        for (int count : new int[]{1, 41, 42, 43, 63, 64, 127, 128, 5461, 5462, 16384}) {
            sink.reset();
            sink.putString(unit.repeat(count));
            sink.putByte(0x55);

            ByteSource source = written();
            assertThat(source.getString()).isEqualTo(unit.repeat(count));
            assertThat(source.getByte()).isEqualTo(0x55);
            assertThat(source.remaining()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({"0,0", "1,1", "5,5"})
    void unpairedSurrogateIsRefusedWithItsIndex(int before, int index) {
        for (String bad : new String[]{"\ud800", "\udc00", "\ud800x", "\udc00\ud800"}) {
            assertThatThrownBy(() -> sink.putUtf8("€".repeat(before) + bad))
                    .isInstanceOf(CodecException.class).hasMessage(
                            ("a message has an unpaired surrogate, half of a letter: index=%d,"
                                    + " char=U+%04X: cut texts between letters, or send bytes")
                                    .formatted(index, (int) bad.charAt(0)));
        }
        assertThat(sink.length()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"80", "c0 80", "c3", "e2 82", "ed a0 80", "f0 9f 98", "f5 80 80 80",
        "ff", "41 fe"})
    void bytesThatAreNotUtf8AreRefused(String hex) {
        ByteSource source = source(hex);

        assertThatThrownBy(() -> source.getUtf8(source.remaining()))
                .isInstanceOf(CodecException.class).hasMessageContaining("is not UTF-8");
    }

    @Test
    void booleanIsZeroOrOne() {
        assertThat(source("01").getBoolean()).isTrue();
        assertThatThrownBy(() -> source("02").getBoolean()).isInstanceOf(CodecException.class)
                .hasMessage("a message is neither 0 nor 1: byte=2");
        assertThatThrownBy(() -> source("00 ff").getBooleans(2))
                .isInstanceOf(CodecException.class);
    }

    @Test
    void bitsOfANaNAreKept() {
        float strange = Float.intBitsToFloat(0x7FA00001);
        sink.putFloat(strange);
        sink.putFloats(new float[]{strange});

        ByteSource source = written();
        assertThat(Float.floatToRawIntBits(source.getFloat())).isEqualTo(0x7FA00001);
        assertThat(Float.floatToRawIntBits(source.getFloats(1)[0])).isEqualTo(0x7FA00001);
    }

    @Test
    void bufferOfMoreThanAMebibyteIsGivenBack() {
        sink.putBytes(new byte[1 << 20]);
        sink.reset();
        assertThat(sink.head()).hasSize(1 << 20);

        sink.putBytes(new byte[(1 << 20) + 1]);
        sink.reset();
        assertThat(sink.head()).hasSize(256);
        sink.putLongs(new long[]{1, 2});
        assertThat(written().getLongs(2)).containsExactly(1, 2);
    }

    @Test
    void messageThatFitsIntoNoArrayIsRefused() {
        sink.putByte(1);

        assertThatThrownBy(() -> sink.reserve(Integer.MAX_VALUE)).isInstanceOf(CodecException.class)
                .hasMessage("a message is too long: length=2147483648, limit=2147483629");
    }

    @Test
    void longTextTakesTheRoomOfItsBytesAndNotOfThreeForEachLetter() {
        int letters = 3 << 20;
        for (String text : new String[]{"a".repeat(letters), "ä".repeat(letters / 2),
            "\u20ac".repeat(letters / 3), "\ud83d\ude00".repeat(letters / 4)}) {
            sink.putString(text);
            assertThat(sink.head()).hasSizeLessThan(letters + 64);
            assertThat(written().getString()).isEqualTo(text);
            sink.reset();
            sink.putByte(1);
            sink.putUtf8(text);
            assertThat(sink.head()).hasSizeLessThan(letters + 64);
            assertThat(sink.length()).isEqualTo(1 + text.getBytes(UTF_8).length);
            sink.reset();
        }
    }

    @Test
    void limitIsOfBytesAndAsksWhetherTheyAreThere() {
        var small = new ByteSink(1 << 21);
        small.putUtf8("a".repeat(1 << 21));

        assertThat(small.length()).isEqualTo(1 << 21);
        small.reset();
        String text = "\u20ac".repeat(1 << 20);
        assertThatThrownBy(() -> small.putUtf8(text)).isInstanceOfSatisfying(CodecException.class,
                failure -> assertThat(failure.tooLong()).isEqualTo(3 << 20));
        assertThatThrownBy(() -> small.putString(text)).isInstanceOfSatisfying(CodecException.class,
                failure -> assertThat(failure.tooLong()).isEqualTo((3 << 20) + 4));
    }

    @Test
    void lengthCanBeTakenBackButNotBeyondTheBuffer() {
        sink.putLong(-1);
        sink.setLength(3);
        sink.putByte(0);

        assertThat(sink.toByteArray()).containsExactly(-1, -1, -1, 0);
        assertThatThrownBy(() -> sink.setLength(257))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("length must be within the buffer: length=257, capacity=256");
    }

    /// Near the end of a buffer the length before a text may already take the next buffer.
    @ParameterizedTest
    @ValueSource(strings = {"", "a", "abc", "\u00e9", "nine byte"})
    void shortTextsAreWholeWhereverABufferEnds(String text) {
        int count = (5 << 20) / (text.length() + 1);
        for (int i = 0; i < count; i++) {
            sink.putString(text);
        }

        ByteSource source = written();
        for (int i = 0; i < count; i++) {
            assertThat(source.getString().equals(text)).as("text %d", i).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 8, 5000})
    void manyBytesAreNotCopiedWhateverComesBeforeThem(int before) {
        byte[] first = filled(before, 7);
        byte[] lent = filled(8192, 9);
        sink.putBytes(first);
        sink.lend(lent);

        assertThat(sink.tail()).isSameAs(lent);
        assertThat(Arrays.copyOf(sink.head(), sink.headLength())).isEqualTo(first);
        assertThat(sink.length()).isEqualTo(before + 8192);
        byte[] all = sink.toByteArray();
        assertThat(Arrays.copyOf(all, before)).isEqualTo(first);
        assertThat(Arrays.copyOfRange(all, before, all.length)).isEqualTo(lent);
        sink.reset();
        assertThat(sink.length()).isZero();
        assertThat(sink.tail()).isEmpty();
    }

    private static byte[] filled(int length, int value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    @Test
    void bytesThatAreLentAreNotWrittenTo() {
        byte[] lent = new byte[8192];
        sink.lend(lent);
        sink.putByte(1);
        assertThat(sink.tail()).isEmpty();
        assertThat(sink.head()).isNotSameAs(lent).hasSizeGreaterThan(8192);
        sink.reset();
        sink.lend(lent);
        sink.setLength(4);
        sink.putInt(-1);

        assertThat(lent).containsOnly(0);
        assertThat(written().getLong()).isEqualTo(0xffff_ffff_0000_0000L);
    }

    @Test
    void whatFollowsBytesThatAreLentFollowsThemAndWhatIsBefore() {
        byte[] lent = filled(8192, 9);
        sink.putByte(7);
        sink.lend(lent);
        sink.lend(lent);
        sink.putByte(8);

        assertThat(sink.tail()).isEmpty();
        byte[] all = sink.toByteArray();
        assertThat(all).hasSize(2 * 8192 + 2).startsWith(7, 9).endsWith(9, 8);
        assertThat(Arrays.copyOfRange(all, 1, all.length - 1)).containsOnly(9);
    }

    @Test
    void fewBytesAreCopied() {
        byte[] few = {1, 2, 3};
        sink.lend(few);

        assertThat(sink.tail()).isEmpty();
        assertThat(sink.toByteArray()).isEqualTo(few);
    }
}
