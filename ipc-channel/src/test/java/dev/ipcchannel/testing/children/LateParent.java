package dev.ipcchannel.testing.children;

import dev.ipcchannel.ChildFailed;
import dev.ipcchannel.child.ChildJvm;
import dev.ipcchannel.child.ChildProcess;
import dev.ipcchannel.child.Output;
import dev.ipcchannel.worker.WorkerSet;

/// A parent that starts a child while its JVM is shutting down, and prints the result: its first
/// child, or one more after another has been asked to end.
public final class LateParent {

    /// The child that it starts then.
    public enum What {
        /// A process without a conversation.
        PROCESS,
        /// A child with a conversation.
        CHILD,
        /// A set of workers.
        SET
    }

    private static final ChildJvm CHILD = ChildJvm.ofCommand("sleep", "1000")
            .output(Output.capture()).errors(Output.capture());

    private LateParent() {}

    /// Exits.
    ///
    /// @param arguments what to start, and whether it is the first child
    public static void main(String[] arguments) {
        What what = What.valueOf(arguments[0]);
        ChildProcess other = Boolean.parseBoolean(arguments[1]) ? null : CHILD.start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            if (other != null) {
                ChildProcess _ = other.onExit().join();
            }
            System.out.println(outcome(what));
        }));
    }

    private static String outcome(What what) {
        try {
            return "started " + switch (what) {
                case PROCESS -> CHILD.start();
                case CHILD -> CHILD.start(String.class, String.class);
                case SET -> WorkerSet.builder(String.class, String.class).worker(CHILD)
                        .workerCount(2).start();
            };
        } catch (ChildFailed failure) {
            return String.valueOf(failure.getMessage());
        } catch (InterruptedException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
