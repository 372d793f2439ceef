package dev.ipcchannel.call;

import dev.ipcchannel.CallFailed;
import dev.ipcchannel.Link;
import dev.ipcchannel.internal.base.Argument;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// An exception or error of another process, as text of bounded length: longer texts are cut,
/// unpaired surrogates become question marks, and lines beyond the limit are left out.
///
/// @param type the name of the class
/// @param message its message, empty if there is none
/// @param stack where it was thrown, a line each, innermost first; what caused it follows, after a
/// line `caused by` with its class and message. `... 5 more` stands for frames that are those of
/// the one before, or too many, `... 12 causes left out` for those in the middle of a long chain
public record RemoteFailure(String type, String message, List<String> stack) {

    /// Letters of a class name, and of a line of the stack.
    static final int MAX_LINE = 256;

    /// Letters of a message.
    static final int MAX_MESSAGE = 4096;

    /// Lines of the stack.
    static final int MAX_STACK = 64;

    private static final StackTraceElement[] NO_FRAMES = {};

    /// What was thrown, and its causes.
    private static final int MAX_CHAIN = 8;
    private static final int MAX_LOOKS = 100; // for the last of them

    /// Cuts what is too long.
    public RemoteFailure {
        Argument.given(type, "type");
        Argument.given(message, "message");
        Argument.given(stack, "stack");
        type = fit(type, MAX_LINE);
        message = fit(message, MAX_MESSAGE);
        stack = stack.stream().limit(MAX_STACK).map(line -> fit(line, MAX_LINE)).toList();
    }

    /// Describes what was thrown, whatever its methods do when they are asked.
    public static RemoteFailure of(Throwable thrown) {
        Argument.given(thrown, "thrown");
        try {
            return new RemoteFailure(thrown.getClass().getName(), message(thrown), stack(thrown));
        } catch (RuntimeException | OutOfMemoryError | StackOverflowError _) {
            return withoutStack(thrown); // what was thrown is more than its frames
        }
    }

    /// The frames of what was thrown and of its causes. Each of these has its share of the lines,
    /// since the last cause says most. Frames in common with the exception before are listed once.
    private static List<String> stack(Throwable thrown) {
        List<String> stack = new ArrayList<>(MAX_STACK);
        List<Throwable> chain = chain(thrown);
        String leftOut = shorten(chain);
        StackTraceElement[] before = {};
        for (int i = 0; i < chain.size(); i++) {
            StackTraceElement[] frames = frames(chain.get(i));
            if (i == chain.size() - 1 && !leftOut.isEmpty()) {
                stack.add(leftOut);
            }
            if (i > 0) {
                stack.add("caused by " + shown(chain.get(i)));
            }
            add(frames, inCommon(frames, before),
                    (MAX_STACK - stack.size()) / (chain.size() - i), stack);
            before = frames;
        }
        return stack;
    }

    /// What was thrown and its causes, up to a limit.
    private static List<Throwable> chain(Throwable thrown) {
        List<Throwable> chain = new ArrayList<>(1);
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>(1));
        Throwable next = thrown;
        // It may be its own cause.
        while (next != null && chain.size() < MAX_LOOKS && seen.add(next)) {
            chain.add(next);
            next = cause(next);
        }
        return chain;
    }

    /// Leaves out the causes in the middle of a long chain.
    ///
    /// @return the line that stands for them; empty if none is left out
    private static String shorten(List<Throwable> chain) {
        int left = chain.size() - MAX_CHAIN;
        if (left <= 0) {
            return "";
        }
        boolean isLast = chain.size() < MAX_LOOKS;
        chain.subList(MAX_CHAIN - 1, chain.size() - 1).clear();
        return "... " + left + (isLast ? "" : " or more") + " causes left out";
    }

    /// @param limit how many lines there may be
    private static void add(StackTraceElement[] frames, int common, int limit,
            List<String> stack) {
        int own = frames.length - common;
        int shown = own + (common == 0 ? 0 : 1) <= limit ? own : limit - 1;
        for (int i = 0; i < shown; i++) {
            stack.add("at " + frames[i]);
        }
        if (shown < frames.length) {
            stack.add("... " + (frames.length - shown) + " more");
        }
    }

    private static int inCommon(StackTraceElement[] frames, StackTraceElement[] before) {
        int common = 0;
        int most = Math.min(frames.length, before.length);
        while (common < most && Objects.equals(frames[frames.length - 1 - common],
                before[before.length - 1 - common])) { // either may be a user's, and null
            common++;
        }
        return common;
    }

    private static String shown(Throwable thrown) {
        String message = fit(message(thrown), MAX_LINE); // first: the heap may lack room for all
        return thrown.getClass().getName() + (message.isEmpty() ? "" : ": " + message);
    }

    /// Describes what was thrown, to be kept beside thousands of others.
    static RemoteFailure withoutStack(Throwable thrown) {
        return new RemoteFailure(thrown.getClass().getName(), message(thrown), List.of());
    }

    /// The same without the lines that take most of the bytes.
    RemoteFailure withoutStack() {
        return new RemoteFailure(type, message, List.of());
    }

    /// The same in as few bytes as possible.
    RemoteFailure brief() {
        return new RemoteFailure(type, "", List.of());
    }

    /// The exception for the caller, with the stack of the calling thread.
    ///
    /// @param process which process has failed, as [Link#otherSide] has it
    public CallFailed toException(String process) {
        Argument.given(process, "process");
        return new CallFailed(process, type, message, stack);
    }

    /// The same without that stack, for a thread that receives on behalf of another one: its frames
    /// say nothing to a user.
    public CallFailed untraced(String process) {
        CallFailed failure = toException(process);
        failure.setStackTrace(NO_FRAMES);
        return failure;
    }

    private static String message(Throwable thrown) {
        return Objects.requireNonNullElse(asked(thrown::getMessage), "");
    }

    private static @Nullable Throwable cause(Throwable thrown) {
        return asked(thrown::getCause);
    }

    private static StackTraceElement[] frames(Throwable thrown) {
        return Objects.requireNonNullElse(asked(thrown::getStackTrace), NO_FRAMES);
    }

    /// What a method of the user's says, or null if it throws.
    private static <T> @Nullable T asked(Supplier<@Nullable T> method) {
        try {
            return method.get();
        } catch (Throwable _) { // one failure is enough to report
            return null;
        }
    }

    private static String fit(String text, int limit) {
        int length = Math.min(text.length(), limit);
        if (length == text.length() && !hasSurrogates(text)) {
            return text; // as most do
        }
        StringBuilder fitting = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            char letter = text.charAt(i);
            if (!Character.isSurrogate(letter)) {
                fitting.append(letter);
            } else if (i + 1 < length
                    && Character.isSurrogatePair(letter, text.charAt(i + 1))) {
                fitting.append(letter).append(text.charAt(i + 1));
                i++;
            } else {
                fitting.append('?');
            }
        }
        return fitting.toString();
    }

    private static boolean hasSurrogates(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                return true;
            }
        }
        return false;
    }
}
