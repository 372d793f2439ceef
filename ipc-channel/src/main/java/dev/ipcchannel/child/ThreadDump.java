package dev.ipcchannel.child;

import dev.ipcchannel.internal.process.ProcessTree;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/// A dump of the threads of a child JVM, as the JDK's `jcmd` has it.
final class ThreadDump {

    private static final int MAX_BYTES = 4 << 20; // what a child says is not to fill the heap
    private static final long PATIENCE_SECONDS = 3; // jcmd is a JVM, and the machine may be busy

    private ThreadDump() {}

    /// Takes one, which takes some tenths of a second.
    ///
    /// @param java of the child
    /// @return why there is none, in brackets, where that is so
    static String take(Process child, Path java) throws InterruptedException {
        Path jcmd = java.resolveSibling("jcmd");
        if (!child.isAlive()) {
            return "(no thread dump: the process has ended)";
        }
        if (isStopped(child.pid())) {
            return "(no thread dump: the process is stopped, by SIGSTOP or a debugger)";
        }
        if (!Files.isExecutable(jcmd)) {
            return "(no thread dump: there is no jcmd beside its java: jcmd=" + jcmd + ")";
        }
        try {
            return run(child.pid(), new ProcessBuilder(jcmd.toString(), Long.toString(child.pid()),
                    "Thread.print").redirectErrorStream(true).start());
        } catch (IOException failure) {
            return "(no thread dump: " + failure.getMessage() + ")";
        }
    }

    private static String run(long pid, Process jcmd) throws InterruptedException {
        StringBuilder dump = new StringBuilder();
        Thread reader = Thread.ofPlatform().daemon().name("ipc-channel thread dump").start(() -> {
            try {
                byte[] bytes = jcmd.getInputStream().readNBytes(MAX_BYTES);
                dump.append(new String(bytes, StandardCharsets.UTF_8));
                long _ = jcmd.getInputStream().transferTo(OutputStream.nullOutputStream());
            } catch (IOException _) {
                // What there is of it will do.
            }
        });
        try {
            boolean hasEnded = jcmd.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (!hasEnded) {
                withdraw(pid);
                return "(no thread dump: the process did not answer within %d s)"
                        .formatted(PATIENCE_SECONDS);
            }
            reader.join();
            return jcmd.exitValue() == 0 ? dump.toString()
                    : "(no thread dump: " + dump.toString().strip() + ")";
        } finally {
            jcmd.destroyForcibly();
        }
    }

    /// Takes away the file by which a JVM is asked to listen, which nobody else will.
    private static void withdraw(long pid) {
        try {
            Files.deleteIfExists(Path.of("/proc/" + pid + "/cwd/.attach_pid" + pid));
        } catch (IOException _) {
            // It is empty, and the child's directory may be gone.
        }
    }

    private static boolean isStopped(long pid) {
        char state = ProcessTree.state(pid);
        return state == 'T' || state == 't';
    }
}
