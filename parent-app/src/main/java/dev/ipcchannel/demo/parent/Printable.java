package dev.ipcchannel.demo.parent;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// Text from other programs, made safe for a terminal.
final class Printable {

    private Printable() {}

    /// The text with its control characters, but for tabs, written as Java escapes.
    static String of(String text) {
        StringBuilder printable = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char letter = text.charAt(i);
            if (Character.isISOControl(letter) && letter != '\t') {
                printable.append("\\u").append(HexFormat.of().toHexDigits(letter));
            } else {
                printable.append(letter);
            }
        }
        return printable.toString();
    }

    /// The same of each line.
    static List<String> of(List<String> lines) {
        List<String> printable = new ArrayList<>(lines.size());
        for (String line : lines) {
            printable.add(of(line));
        }
        return printable;
    }
}
