package dev.ipcchannel.internal.posix;

/// The numbers in the kernel's text files that have a name and a number on each line.
final class Figures {

    private static final int MAX_DIGITS = 18; // a number with more is no amount of memory

    private Figures() {}

    /// The number after `name`, up to the next blank or the line's end.
    ///
    /// @param otherwise the result if there is none
    static long of(String text, String name, long otherwise) {
        int at = text.startsWith(name + " ") ? 0 : text.indexOf("\n" + name + " ") + 1;
        if (at == 0 && !text.startsWith(name + " ")) {
            return otherwise;
        }
        int start = at + name.length();
        while (start < text.length() && text.charAt(start) == ' ') {
            start++;
        }
        int end = start;
        while (end < text.length() && Character.isDigit(text.charAt(end))) {
            end++;
        }
        return number(text.substring(start, end), otherwise);
    }

    /// The number in `text`; one that is too large for a `long` becomes the largest `long`.
    ///
    /// @param otherwise the result if the text is not a number
    static long number(String text, long otherwise) {
        String digits = text.strip();
        if (digits.isEmpty() || !digits.chars().allMatch(Character::isDigit)) {
            return otherwise;
        }
        return digits.length() > MAX_DIGITS ? Long.MAX_VALUE : Long.parseLong(digits);
    }
}
