package dev.ipcchannel.call;

import dev.ipcchannel.CallFailed;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What was thrown in another process, as text, of bounded length: longer texts are cut, unpaired
/// surrogates become question marks, and lines beyond the limit are left out.
///
/// @param type the name of the class
/// @param message its message, empty if there is none
/// @param stack where it was thrown, a line each, innermost first; what caused it follows
public record RemoteFailure(String type, String message, List<String> stack) {

    /// Letters of a class name, and of a line of the stack.
    static final int MAX_LINE = 256;

    /// Letters of a message.
    static final int MAX_MESSAGE = 4096;

    /// Lines of the stack.
    static final int MAX_STACK = 64;

    /// Cuts what is too long.
    public RemoteFailure {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(stack, "stack");
        type = fit(type, MAX_LINE);
        message = fit(message, MAX_MESSAGE);
        stack = stack.stream().limit(MAX_STACK).map(line -> fit(line, MAX_LINE)).toList();
    }

    /// Describes what was thrown, whatever its methods do when they are asked.
    public static RemoteFailure of(Throwable thrown) {
        Objects.requireNonNull(thrown, "thrown");
        List<String> stack = new ArrayList<>();
        addFrames(thrown, stack);
        Throwable cause = cause(thrown);
        while (cause != null && stack.size() < MAX_STACK) { // it may be its own cause
            stack.add("caused by " + cause.getClass().getName() + ": " + message(cause));
            addFrames(cause, stack);
            cause = cause(cause);
        }
        return new RemoteFailure(thrown.getClass().getName(), message(thrown), stack);
    }

    private static void addFrames(Throwable thrown, List<String> stack) {
        for (StackTraceElement frame : frames(thrown)) {
            stack.add("at " + frame);
        }
    }

    /// Describes what was thrown, to be kept beside thousands of others.
    static RemoteFailure withoutStack(Throwable thrown) {
        return new RemoteFailure(thrown.getClass().getName(), message(thrown), List.of());
    }

    /// The same in as few bytes as possible.
    RemoteFailure brief() {
        return new RemoteFailure(type, "", List.of());
    }

    /// The exception for the caller, with the stack of the calling thread.
    public CallFailed toException() {
        return new CallFailed(type, message, stack);
    }

    private static String message(Throwable thrown) {
        return Objects.requireNonNullElse(asked(thrown::getMessage), "");
    }

    private static @Nullable Throwable cause(Throwable thrown) {
        return asked(thrown::getCause);
    }

    private static StackTraceElement[] frames(Throwable thrown) {
        return Objects.requireNonNullElse(asked(thrown::getStackTrace), new StackTraceElement[0]);
    }

    /// What a method of the user's says, or null if it throws.
    private static <T> @Nullable T asked(Supplier<@Nullable T> method) {
        try {
            return method.get();
        } catch (Throwable _) { // one failure is enough to tell of
            return null;
        }
    }

    private static String fit(String text, int limit) {
        int length = Math.min(text.length(), limit);
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
}
