package dev.ipcchannel.testing.children;

import dev.ipcchannel.IpcException;
import dev.ipcchannel.child.ChildJvm;
import dev.ipcchannel.child.ChildProcess;
import dev.ipcchannel.child.Output;
import java.nio.file.Path;
import java.time.Duration;

/// A parent that starts children with things that its user may not use, then one more than the
/// limit of processes, and prints the result of each. Its arguments are a folder and a file that
/// are private to another user.
public final class RefusedParent {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private RefusedParent() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        ChildJvm command = ChildJvm.ofCommand("true");
        start(command); // loads what the JDK needs
        start(command.directory(folder));
        start(ChildJvm.ofCommand(arguments[1]));
        start(ChildJvm.of(FailingChild.class).java(Path.of(arguments[1])));
        start(command.output(Output.toFile(folder.resolve("file"))));
        System.out.println("exit " + new ProcessBuilder("prlimit", "--nproc=1:1", "--pid",
                Long.toString(ProcessHandle.current().pid())).start().waitFor());
        start(command);
    }

    private static void start(ChildJvm child) throws InterruptedException {
        try (ChildProcess started = child.start()) {
            System.out.println("exit " + started.awaitExit(PATIENCE));
        } catch (IpcException failure) {
            System.out.println(failure.getClass().getSimpleName() + ": " + failure.getMessage());
        }
    }
}
