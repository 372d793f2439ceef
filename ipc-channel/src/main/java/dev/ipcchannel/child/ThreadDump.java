package dev.ipcchannel.child;

import dev.ipcchannel.internal.process.ProcessTree;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/// A dump of the threads of a child JVM, made by the JDK's `jcmd`.
final class ThreadDump {

    private static final int MAX_BYTES = 4 << 20; // a child's answer must not fill the heap
    private static final long PATIENCE_SECONDS = 3; // jcmd is a JVM, and the machine may be busy

    private ThreadDump() {}

    /// Makes a dump, which takes some tenths of a second.
    ///
    /// @param java that runs the child
    /// @return the dump; if there is none, the reason in parentheses
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
                // The bytes read so far will do.
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

    /// Deletes the file that asks a JVM to listen, since no other process will.
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
