package dev.ipcchannel.testing.children;

import dev.ipcchannel.Link;
import dev.ipcchannel.child.ChildJvm;
import dev.ipcchannel.worker.Worker;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A child that runs orders, as a worker or, with the argument `link`, for a parent: `complain` on
/// its standard error, `rest`, `wait`, `null` for no answer, `break` with a complaint and an error
/// of its JVM, or `die` with a complaint. With the argument `mutter`, a worker that complains
/// before it has a job.
public final class MortalChild {

    /// Its exit code.
    public static final int EXIT_CODE = 3;

    private MortalChild() {}

    public static void main(String[] arguments) throws InterruptedException {
        if (arguments.length == 0 || arguments[0].equals("mutter")) {
            if (arguments.length > 0) {
                System.err.println("an idle word");
            }
            Worker.serve(String.class, String.class, MortalChild::obey);
            return;
        }
        try (Link<String, String> parent = ChildJvm.parent(String.class, String.class)) {
            parent.send(String.valueOf(obey(parent.receive())));
        }
    }

    private static @Nullable String obey(String order) {
        switch (order) {
            case "complain" -> System.err.println("an old complaint");
            case "break" -> {
                System.err.println("a word of a broken JVM");
                throw new InternalError("made up");
            }
            case "die" -> {
                System.err.println("the last words");
                Runtime.getRuntime().halt(EXIT_CODE);
            }
            case "rest" -> { /* without a word */ }
            case "wait" -> LockSupport.park();
            case "null" -> {
                return null;
            }
            default -> throw new IllegalArgumentException(order);
        }
        return "done";
    }
}
