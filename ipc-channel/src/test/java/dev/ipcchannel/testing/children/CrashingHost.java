package dev.ipcchannel.testing.children;

import dev.ipcchannel.WorkerDied;
import dev.ipcchannel.child.ChildJvm;
import dev.ipcchannel.child.Output;
import dev.ipcchannel.worker.WorkerSet;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;

/// A host whose worker crashes, and which prints where the crash file is.
public final class CrashingHost {

    private CrashingHost() {}

    /// Has the worker crash once.
    ///
    /// @param arguments the worker's working directory, the locale that it has, and options of its
    /// JVM
    public static void main(String[] arguments) throws InterruptedException {
        Path directory = Path.of(arguments[0]);
        ChildJvm worker = ChildJvm.of(BreakingChild.class).shortLived().noClassArchive()
                .output(Output.capture()).errors(Output.capture()).directory(directory)
                .environment("LC_ALL", arguments[1])
                .jvmOptions(Arrays.copyOfRange(arguments, 2, arguments.length));
        try (var set = WorkerSet.builder(String.class, Long.class).workerCount(1).worker(worker)
                .start()) {
            long _ = set.call("crash");
        } catch (WorkerDied died) {
            say(directory, died);
        }
    }

    private static void say(Path directory, WorkerDied died) {
        Path file = Objects.requireNonNull(died.report()).crashFile();
        if (file == null) {
            System.out.println("nowhere");
            return;
        }
        Path state = Path.of(System.getenv("XDG_STATE_HOME")).resolve("ipc-channel/crashes");
        System.out.println(state.equals(file.getParent()) ? "its own folder"
                : directory.equals(file.getParent()) ? "working directory" : file);
        System.out.println(Files.exists(file) && String.valueOf(died.getMessage())
                .contains(", exit=1: its JVM crashed, crash=" + file) ? "named"
                        : died.getMessage());
    }
}
