package dev.ipcchannel.torture.codecs;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// A source of messages that no sender writes, made from valid messages by a few changes each.
final class Mutator {

    // A count larger than any message, one of 64 bits, one of 65, and the longest zero.
    private static final byte[][] VARINTS = {{-1, -1, -1, -1, 15},
        {-1, -1, -1, -1, -1, -1, -1, -1, -1, 1}, {-1, -1, -1, -1, -1, -1, -1, -1, -1, 2},
        {-128, -128, -128, -128, -128, -128, -128, -128, -128, 0}};

    private static final List<String> TOKENS = List.of("{", "}", "[", "]", ",", ":", "\"", "null",
            "true", "1e999999999", "-0", "1E+10001", "0x1p3", "\"\\ud83d\"", "\"\\u001b[2J\\n\"",
            "\"\u202e\"", "\"NaN\"", "{\"$type\":\"Box\",\"one\":", "\"$type\":\"Nowhere\"",
            "\"P" + "1".repeat(300) + "D\"", "9".repeat(2000), "[".repeat(300), "\\u0000",
            "\"http://[" + "1:".repeat(50) + "\"", "\"Europe/" + "x".repeat(2000) + "\"",
            "list<", "sealed(", "enum(", "^9", "|", ">", "[]");

    private static final int MOST_CHANGES = 4;
    private static final int LONGEST_PIECE = 64;

    private final SplittableRandom random;

    Mutator(SplittableRandom random) {
        this.random = random;
    }

    /// Changes a message of the binary format.
    ///
    /// @param other another message, whose pieces are put in
    byte[] ofBinary(byte[] valid, byte[] other) {
        byte[] bytes = valid.clone();
        for (int i = random.nextInt(MOST_CHANGES + 1); i > 0 && bytes.length > 0; i--) {
            bytes = random.nextInt(3) == 0
                    ? put(bytes, VARINTS[random.nextInt(VARINTS.length)])
                    : change(bytes, other);
        }
        return bytes;
    }

    /// Changes a text.
    ///
    /// @param other another text, whose pieces are put in
    byte[] ofText(byte[] valid, byte[] other) {
        byte[] bytes = valid.clone();
        for (int i = random.nextInt(MOST_CHANGES + 1); i > 0 && bytes.length > 0; i--) {
            String token = TOKENS.get(random.nextInt(TOKENS.size()));
            bytes = random.nextBoolean()
                    ? put(bytes, token.getBytes(StandardCharsets.UTF_8))
                    : change(bytes, other);
        }
        return bytes;
    }

    /// Puts `piece` in, over other bytes or between them.
    private byte[] put(byte[] bytes, byte[] piece) {
        int at = random.nextInt(bytes.length);
        int replaced = random.nextBoolean() ? 1 + random.nextInt(4) : 0;
        return splice(bytes, at, Math.min(bytes.length, at + replaced), piece);
    }

    private byte[] change(byte[] bytes, byte[] other) {
        int at = random.nextInt(bytes.length);
        int end = Math.min(bytes.length, at + 1 + random.nextInt(LONGEST_PIECE));
        byte[] changed = bytes.clone();
        switch (random.nextInt(7)) {
            case 0 -> changed[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> changed[at] = (byte) random.nextInt();
            case 2 -> changed[at] += (byte) (random.nextBoolean() ? 1 : -1);
            case 3 -> changed = Arrays.copyOf(bytes, at);
            case 4 -> changed = splice(bytes, at, end, new byte[0]);
            case 5 -> changed = splice(bytes, at, at, Arrays.copyOfRange(bytes, at, end));
            default -> changed = splice(bytes, at, end, piece(other));
        }
        return changed;
    }

    private byte[] piece(byte[] other) {
        if (other.length == 0) {
            return other;
        }
        int from = random.nextInt(other.length);
        int to = Math.min(other.length, from + random.nextInt(LONGEST_PIECE));
        return Arrays.copyOfRange(other, from, to);
    }

    private static byte[] splice(byte[] bytes, int from, int to, byte[] piece) {
        byte[] spliced = new byte[from + piece.length + bytes.length - to];
        System.arraycopy(bytes, 0, spliced, 0, from);
        System.arraycopy(piece, 0, spliced, from, piece.length);
        System.arraycopy(bytes, to, spliced, from + piece.length, bytes.length - to);
        return spliced;
    }
}
