package dev.ipcchannel.internal.value;

import dev.ipcchannel.internal.base.Printable;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/// A value that cannot be written, or bytes that cannot be read, with the path to the place:
/// `Order.items[3].name is null: use Optional`.
///
/// The path is put together while the exception passes through the enclosing values, so that a
/// value without fault pays nothing for it.
public final class CodecException extends RuntimeException {

    // Of a path that a recursive value has made long, this many steps are shown at either end.
    private static final int SHOWN_STEPS = 8;

    private final String problem;
    private final Deque<String> path = new ArrayDeque<>(0); // outermost first
    private long tooLong;
    private boolean isWhole; // the path begins with a name, which nothing stands before

    /// @param problem what is said of the place, such as `is null: use Optional`
    public CodecException(String problem) {
        this(problem, null);
    }

    /// @param problem what is said of the place, such as `is null: use Optional`
    /// @param cause what it came from, if anything
    public CodecException(String problem, @Nullable Throwable cause) {
        super(cause);
        this.problem = problem;
    }

    /// What is said of a value that is of another class than its type.
    ///
    /// @param type the class that its type has
    public static CodecException misfit(Class<?> type, Object value) {
        return new CodecException(("must be of type %s: given=%s: look for a raw type or an"
                + " unchecked cast").formatted(type.getSimpleName(),
                        value.getClass().getTypeName()));
    }

    /// What is said of a message that is too long, whatever is in it.
    public static CodecException tooLong(long length, long limit) {
        CodecException failure = new CodecException(
                "is too long: length=%d, limit=%d".formatted(length, limit));
        failure.tooLong = length;
        failure.isWhole = true;
        return failure;
    }

    /// The length of a message that is too long, as far as it is known; 0 if that is not what is
    /// wrong.
    public long tooLong() {
        return tooLong;
    }

    /// Goes on from inside of `step`, such as `.name`, `[3]`, or at last the name of the type: what
    /// is around that is not the user's, and stays out.
    public CodecException inside(String step) {
        if (!isWhole) {
            path.addFirst(step);
            isWhole = !step.startsWith(".") && !step.startsWith("[");
        }
        return this;
    }

    /// Whether it is said of the value itself, and of none inside.
    public boolean isOfItself() {
        return path.isEmpty();
    }

    @Override
    public String getMessage() {
        if (path.isEmpty()) {
            return "a message " + problem;
        }
        StringBuilder message = new StringBuilder();
        Iterator<String> steps = path.iterator();
        for (int i = 0; i < path.size(); i++) {
            String step = steps.next();
            if (i < SHOWN_STEPS || i >= path.size() - SHOWN_STEPS) {
                message.append(step);
            } else if (i == SHOWN_STEPS) {
                message.append(Printable.CUT);
            }
        }
        return message.append(' ').append(problem).toString();
    }
}
