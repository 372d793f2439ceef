package dev.ipcchannel;

import dev.ipcchannel.SourceRules.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Rules for the lines of a file, in any language, and for those of Java's comments.
///
/// Each answer is a stream of sentences, one for each line that breaks the rule.
final class LineRules {

    private static final int COLUMNS = 100;

    /// A comment alone on its line: its indentation, its slashes, the spaces after the first one,
    /// and its text.
    private static final Pattern COMMENT = Pattern.compile("(\\s*)(///?) ( *)(\\S.*)");

    /// A beginning that does not go on with the line above: an item, a tag, a row, a heading, code.
    private static final Pattern BEGINNING = Pattern.compile("(- |\\* |\\d+\\. |[@|#<`/]).*");

    private static final Pattern FENCE = Pattern.compile("\\s*/// (`{3,})\\w*");

    /// An end of a sentence, or of the prototype of a C function.
    private static final Pattern END = Pattern.compile(".*[.:;)]");

    /// The spaces from which on a comment is code or a picture.
    private static final int DEEP = 4;

    private LineRules() {}

    /// Lines that go beyond the last column.
    static Stream<String> tooLong(Source source) {
        List<String> lines = source.text().lines().toList();
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            int length = lines.get(i).codePointCount(0, lines.get(i).length());
            if (length > COLUMNS) {
                wrong.add("%s:%d: the line ends at column %d, and the last is %d".formatted(
                        source.name(), i + 1, length, COLUMNS));
            }
        }
        return wrong.stream();
    }

    /// Lines of a comment that have room for the first word of the next line, which goes on with
    /// their paragraph. A line after `//` may end early with a sentence.
    static Stream<String> ragged(Source source) {
        List<String> lines = source.text().lines().toList();
        List<String> wrong = new ArrayList<>();
        String fence = ""; // around code; empty outside of it
        for (int i = 0; i + 1 < lines.size(); i++) {
            Matcher marker = FENCE.matcher(lines.get(i));
            if (marker.matches()) {
                String ticks = marker.group(1);
                fence = fence.isEmpty() ? ticks : fence.equals(ticks) ? "" : fence;
            }
            Matcher line = COMMENT.matcher(lines.get(i));
            Matcher next = COMMENT.matcher(lines.get(i + 1));
            if (fence.isEmpty() && line.matches() && next.matches() && goesOn(line, next)) {
                String word = next.group(4).split(" ", 2)[0];
                if (lines.get(i).length() + 1 + word.length() <= COLUMNS) {
                    wrong.add("%s:%d: the line has room for the next word: %s".formatted(
                            source.name(), i + 1, word));
                }
            }
        }
        return wrong.stream();
    }

    private static boolean goesOn(Matcher line, Matcher next) {
        boolean isSameKind = line.group(1).equals(next.group(1))
                && line.group(2).equals(next.group(2));
        boolean isText = line.group(3).length() < DEEP && next.group(3).length() < DEEP
                && !line.group(4).startsWith("|") && !line.group(4).startsWith("#");
        boolean hasEnded = line.group(2).equals("//") && END.matcher(line.group(4)).matches();
        return isSameKind && isText && !hasEnded
                && !BEGINNING.matcher(next.group(4)).matches();
    }
}
