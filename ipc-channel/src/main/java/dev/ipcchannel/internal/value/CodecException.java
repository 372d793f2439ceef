package dev.ipcchannel.internal.value;

import dev.ipcchannel.internal.base.Printable;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/// The failure to write a value, or to read bytes, with the path to the place: `Order.items[3].name
/// is null: use Optional`.
///
/// The path is composed while the exception passes through the enclosing values, so that sound
/// values pay nothing for it.
public final class CodecException extends RuntimeException {

    // The number of steps shown at either end of a path that a recursive value has made long.
    private static final int SHOWN_STEPS = 8;

    private final String problem;
    private final Deque<String> path = new ArrayDeque<>(0); // outermost first
    private long tooLong;
    private boolean isWhole; // the path begins with a name, before which no step comes

    /// @param problem the predicate of the sentence, such as `is null: use Optional`
    public CodecException(String problem) {
        this(problem, null);
    }

    /// @param problem the predicate of the sentence, such as `is null: use Optional`
    /// @param cause its cause, if there is one
    public CodecException(String problem, @Nullable Throwable cause) {
        super(cause);
        this.problem = problem;
    }

    /// The exception for a value of another class than its type.
    ///
    /// @param type the class of the value's type
    public static CodecException misfit(Class<?> type, Object value) {
        return new CodecException(("must be of type %s: given=%s: look for a raw type or an"
                + " unchecked cast").formatted(type.getSimpleName(),
                        value.getClass().getTypeName()));
    }

    /// The exception for a message that is too long, whatever its contents.
    public static CodecException tooLong(long length, long limit) {
        CodecException failure = new CodecException(
                "is too long: length=%d, limit=%d".formatted(length, limit));
        failure.tooLong = length;
        failure.isWhole = true;
        return failure;
    }

    /// The length of a message that is too long, as far as it is known; 0 if that is not the
    /// problem.
    public long tooLong() {
        return tooLong;
    }

    /// Adds a step before the path, such as `.name`, `[3]`, or finally the name of the type. Steps
    /// outside of that are not the user's, and are left out.
    public CodecException inside(String step) {
        if (!isWhole) {
            path.addFirst(step);
            isWhole = !step.startsWith(".") && !step.startsWith("[");
        }
        return this;
    }

    /// Whether it is about the value itself, and not about one inside.
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
