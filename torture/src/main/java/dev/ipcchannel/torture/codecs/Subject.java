package dev.ipcchannel.torture.codecs;

import com.sun.management.ThreadMXBean;
import dev.ipcchannel.internal.codec.ByteSink;
import dev.ipcchannel.internal.codec.ByteSource;
import dev.ipcchannel.internal.codec.EndType;
import dev.ipcchannel.internal.codec.TypePlan;
import dev.ipcchannel.internal.value.CodecException;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A type in one format, which is given any bytes. It must decode them or refuse them, with bounded
/// memory and work, and with a message that is safe to show. One thread at a time may use it.
final class Subject {

    /// The fate of some bytes.
    enum Outcome {
        ACCEPTED, REFUSED, TOO_DEEP, TOO_MUCH_WORK
    }

    private static final ThreadMXBean THREADS =
            (ThreadMXBean) ManagementFactory.getThreadMXBean();
    // Repeats, because the first attempts may fill caches: of the JDK, such as the rules of a zone,
    // or of a type that is used often.
    private static final int MOST_ATTEMPTS = 4;
    // An exception takes some kilobytes for each of 500 levels, as code may be compiled.
    private static final long FIXED_MEMORY = 4 << 20;
    private static final long MEMORY_A_BYTE = 400; // an empty list is a byte, and its 64 places
    private static final long FIXED_USES = 250_000; // 1,000,000 bytes of spots, twice
    private static final long USES_A_BYTE = 32; // 64 a byte, of 8 bytes for a spot, and so again
    private static final int MOST_LETTERS = 4000;

    private final String name;
    private final TypePlan<Object> plan;

    private Subject(String name, TypePlan<Object> plan) {
        this.name = name;
        this.plan = plan;
    }

    static Subject binary(String name, Type type) {
        return new Subject(name + ", binary", TypePlan.binary(type, EndType.Search.none(), null));
    }

    static Subject json(String name, Type type) {
        return new Subject(name + ", JSON", TypePlan.json(type, EndType.Search.none(), null));
    }

    String name() {
        return name;
    }

    String description() {
        return plan.description();
    }

    byte[] encode(Object value) {
        ByteSink sink = new ByteSink();
        plan.encode(value, sink);
        return sink.toByteArray();
    }

    /// Gives the subject `bytes`, which are a whole message.
    ///
    /// @throws BrokenPromise if the subject breaks a promise
    Outcome attempt(byte[] bytes) {
        Object read = read(bytes);
        return read instanceof CodecException refusal ? refused(refusal) : accepted(read);
    }

    private Object read(byte[] bytes) {
        long limit = FIXED_MEMORY + MEMORY_A_BYTE * bytes.length;
        for (int attempt = 1;; attempt++) {
            long uses = Spot.uses();
            long before = THREADS.getCurrentThreadAllocatedBytes();
            Object read = decode(bytes);
            long memory = THREADS.getCurrentThreadAllocatedBytes() - before;
            check("hashes and comparisons", Spot.uses() - uses,
                    FIXED_USES + USES_A_BYTE * bytes.length);
            if (memory <= limit) {
                return read;
            }
            if (attempt == MOST_ATTEMPTS) {
                check("memory", memory, limit);
            }
        }
    }

    /// Returns a value, or the refusal.
    private Object decode(byte[] bytes) {
        try {
            return Objects.requireNonNull(plan.decode(new ByteSource(bytes, 0, bytes.length)));
        } catch (CodecException refusal) {
            return refusal;
        } catch (Throwable other) {
            throw new BrokenPromise("a decode threw something else", other);
        }
    }

    private static void check(String what, long used, long limit) {
        if (used > limit) {
            throw new BrokenPromise("too much for the message: %s=%d, limit=%d"
                    .formatted(what, used, limit), null);
        }
    }

    /// Checks that the value can be encoded, and that its copy is encoded to the same bytes.
    private Outcome accepted(Object value) {
        byte[] once;
        try {
            once = encode(value);
        } catch (CodecException refusal) {
            if (isOfWork(refusal)) { // a text with more letters than it needs had more allowed
                return Outcome.ACCEPTED;
            }
            throw new BrokenPromise("a value that was read cannot be written", refusal);
        }
        byte[] twice;
        try {
            twice = encode(plan.decode(new ByteSource(once, 0, once.length)));
        } catch (CodecException refusal) {
            throw new BrokenPromise("what a sender wrote is refused", refusal);
        }
        if (!Arrays.equals(once, twice)) {
            throw new BrokenPromise("a value has changed on its way", null);
        }
        return Outcome.ACCEPTED;
    }

    private static Outcome refused(CodecException refusal) {
        for (Throwable next = refusal; next != null; next = next.getCause()) {
            checkShown(String.valueOf(next.getMessage()));
        }
        if (isOfWork(refusal)) {
            return Outcome.TOO_MUCH_WORK;
        }
        return String.valueOf(refusal.getMessage()).contains("nested too deep")
                ? Outcome.TOO_DEEP : Outcome.REFUSED;
    }

    private static boolean isOfWork(CodecException refusal) {
        return String.valueOf(refusal.getMessage()).contains("one hash code");
    }

    /// Checks that `text` is short and does nothing to a terminal.
    static void checkShown(String text) {
        if (text.length() > MOST_LETTERS || text.codePoints().anyMatch(Subject::isUnsafe)) {
            throw new BrokenPromise("a message is not fit to be shown: length=%d, its codes=%s"
                    .formatted(text.length(), text.codePoints().limit(100).boxed().toList()), null);
        }
    }

    private static boolean isUnsafe(int letter) {
        return switch (Character.getType(letter)) {
            case Character.CONTROL -> letter != '\t';
            case Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> true;
            default -> false;
        };
    }

    /// A broken promise of a codec.
    static final class BrokenPromise extends RuntimeException {

        BrokenPromise(String what, @Nullable Throwable cause) {
            super(what, cause);
        }
    }
}
