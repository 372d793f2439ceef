package dev.ipcchannel;

import dev.ipcchannel.internal.base.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A stack trace of another process, as the cause of a [CallFailed]. It has the frames of that
/// process and none of this one.
final class RemoteTrace extends Exception {

    private static final String AT = "at ";
    private static final String CAUSED_BY = "caused by "; // as RemoteFailure has it
    private static final String MORE = "... ";
    private static final Pattern LINE = Pattern.compile("(.*):(\\d{1,9})");
    private static final int MAX_CAUSES = 64; // lines made by a user may have more
    private static final int NATIVE = -2; // as StackTraceElement has it

    private RemoteTrace(String message, List<StackTraceElement> frames,
            @Nullable RemoteTrace cause) {
        super(message, cause, false, true);
        setStackTrace(frames.toArray(StackTraceElement[]::new));
    }

    /// @param process the process that failed; empty if it is not known
    /// @param lines its stack, a line each
    static RemoteTrace of(String process, List<String> lines) {
        String where = "in " + (process.isEmpty() ? "the process at the other side"
                : Printable.of(process));
        int end = end(lines);
        List<StackTraceElement> frames = new ArrayList<>();
        if (end < lines.size()) {
            frames.add(frame(MORE + (lines.size() - end) + " lines left out"));
        }
        RemoteTrace cause = null;
        for (int i = end - 1; i >= 0; i--) { // last cause first: each refers to the next
            String line = Printable.of(lines.get(i));
            if (line.startsWith(CAUSED_BY)) {
                cause = new RemoteTrace(where + ": " + line.substring(CAUSED_BY.length()),
                        frames.reversed(), cause);
                frames.clear();
            } else {
                frames.add(frame(line));
            }
        }
        return new RemoteTrace(where, frames.reversed(), cause);
    }

    /// How many lines are shown: the JDK prints nested causes recursively, and its own stack is
    /// limited.
    private static int end(List<String> lines) {
        int causes = 0;
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).startsWith(CAUSED_BY) && ++causes > MAX_CAUSES) {
                return i;
            }
        }
        return lines.size();
    }

    /// A frame that is printed like the line. A line that is not of a JVM gets parentheses in
    /// addition.
    private static StackTraceElement frame(String line) {
        if (line.startsWith(MORE)) {
            return new StackTraceElement("..", "", line.substring(MORE.length()), -1);
        }
        String text = line.startsWith(AT) ? line.substring(AT.length()) : line;
        int place = text.endsWith(")") ? text.lastIndexOf('(') : -1;
        String method = place < 0 ? text : text.substring(0, place);
        int name = method.lastIndexOf('.') + 1;
        return frame(method.substring(0, Math.max(0, name - 1)), method.substring(name),
                place < 0 ? "" : text.substring(place + 1, text.length() - 1));
    }

    /// @param type the class, after its module if that has a name
    /// @param place the file and the line, or what the trace has in place of them
    private static StackTraceElement frame(String type, String method, String place) {
        int name = type.lastIndexOf('/') + 1;
        String module = type.substring(0, Math.max(0, name - 1));
        Matcher line = LINE.matcher(place);
        boolean isNative = place.equals("Native Method");
        boolean isNamed = !isNative && !place.equals("Unknown Source");
        return new StackTraceElement(null, module, null, type.substring(name), method,
                line.matches() ? line.group(1) : isNamed ? place : null,
                line.matches() ? Integer.parseInt(line.group(2)) : isNative ? NATIVE : -1);
    }

    @Override
    @SuppressWarnings("OverrideThrowableToString") // the name of this class means nothing to a user
    public String toString() {
        return String.valueOf(getMessage());
    }
}
