package dev.ipcchannel.zipc;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.util.HexFormat;

/// A formatter of bytes as hexadecimal text, sixteen a line, with the offset before and the letters
/// after them.
final class HexDump {

    private static final int WIDTH = 16;
    private static final long MOST = 1 << 20; // in bytes: the text has five times as many
    private static final HexFormat BYTES = HexFormat.ofDelimiter(" ").withUpperCase();

    private HexDump() {}

    /// @param length the number of bytes, of which at most a mebibyte is shown
    static String of(MemorySegment memory, long length) {
        long shown = Math.min(length, MOST);
        StringBuilder text = new StringBuilder();
        for (long at = 0; at < shown; at += WIDTH) {
            byte[] row = new byte[(int) Math.min(WIDTH, shown - at)];
            MemorySegment.copy(memory, JAVA_BYTE, at, row, 0, row.length);
            String bytes = BYTES.formatHex(row);
            text.append("%08X  %s%s  %s%n".formatted(at, bytes,
                    " ".repeat((WIDTH - row.length) * 3), letters(row)));
        }
        if (shown < length) {
            text.append("and %d more%n".formatted(length - shown));
        }
        return text.toString();
    }

    private static String letters(byte[] row) {
        StringBuilder letters = new StringBuilder(row.length);
        for (byte each : row) {
            letters.append(each >= ' ' && each <= '~' ? (char) each : '.');
        }
        return letters.toString();
    }
}
