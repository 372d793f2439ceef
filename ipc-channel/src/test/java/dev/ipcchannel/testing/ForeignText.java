package dev.ipcchannel.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/// Hostile texts of another process, and the checks of what is made of them.
public final class ForeignText {

    private static final int MEGABYTE = 1 << 20;
    private static final int MOST_LETTERS = 4000;

    private ForeignText() {}

    /// A text that clears a terminal's screen, starts a false line, reverses the rest, and is very
    /// long.
    public static String hostile() {
        return "\u001b[2J\nERROR all is lost\r\u202eelbitsoh\u2028" + "x".repeat(MEGABYTE);
    }

    /// The same without characters that, for instance, a file name cannot have.
    public static String shortened(int length) {
        return hostile().substring(0, length);
    }

    /// Asserts that `attempt` fails, and that the exception with its causes is short and safe to
    /// print.
    public static void assertFailsFitToBeShown(ThrowingCallable attempt) {
        Throwable failure = catchThrowable(attempt);
        assertThat(failure).isNotNull();
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Throwable> open = new ArrayDeque<>();
        open.add(failure);
        while (!open.isEmpty()) {
            Throwable next = open.remove();
            if (seen.add(next)) {
                assertFitToBeShown(String.valueOf(next.getMessage()));
                assertFitToBeShown(next.toString());
                Collections.addAll(open, next.getSuppressed());
                if (next.getCause() != null) {
                    open.add(next.getCause());
                }
            }
        }
    }

    /// Asserts that `text` is short, in one line, and safe to be printed.
    public static void assertFitToBeShown(String text) {
        assertThat(text.length()).as(() -> "length of: " + start(text))
                .isLessThanOrEqualTo(MOST_LETTERS);
        assertThat(text.codePoints().filter(ForeignText::isUnsafe).mapToObj(Integer::toHexString))
                .as(() -> start(text)).isEmpty();
    }

    private static String start(String text) {
        return text.substring(0, Math.min(text.length(), 200));
    }

    private static boolean isUnsafe(int letter) {
        return switch (Character.getType(letter)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR, Character.SURROGATE -> true;
            default -> false;
        };
    }
}
