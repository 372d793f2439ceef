package dev.ipcchannel.launcher;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A pipe that the launcher's process holds for life and in which nothing is ever written.
 *
 * <p>The inner JVM opens its reading end by name, as {@code /proc/PID/fd/N}, and reads. When the
 * launcher is gone, and be it by SIGKILL, the kernel closes the only writing end, the read returns,
 * and the inner JVM halts. The standard streams are not part of this: the inner JVM inherits them,
 * so a terminal, a socket or a file is as good as without the launcher.
 */
final class Lifeline {

    /** The system property that names the pipe; the JVM that has it is the inner one. */
    static final String PIPE = "dev.ipcchannel.launcher.pipe";

    /** The value of {@link #PIPE} for an inner JVM that nothing ties to the launcher. */
    static final String NONE = "none";

    private static final int KILLED = 128 + 9;

    /** Never closed and never collected: the kernel does it when this process ends. */
    @SuppressWarnings("UnusedVariable") // being held is its use
    private static Pipe held;

    private Lifeline() {}

    /** The launcher's side: makes the pipe and returns its name, {@link #NONE} without a /proc. */
    static String hold() throws IOException {
        Set<String> before = new HashSet<>(pipes().values());
        held = Pipe.open();
        for (Map.Entry<String, String> pipe : pipes().entrySet()) {
            if (!before.contains(pipe.getValue())) {
                // Either end will do: opening it again gives an end of the requested kind.
                String process = new File("/proc/self").getCanonicalPath();
                return process + "/fd/" + pipe.getKey();
            }
        }
        return NONE;
    }

    /** The inner JVM's side: returns at once; halts this JVM as soon as the launcher is gone. */
    static void watch(String pipe) {
        if (pipe.equals(NONE)) {
            return;
        }
        FileChannel end;
        try {
            end = FileChannel.open(Paths.get(pipe), StandardOpenOption.READ);
        } catch (NoSuchFileException launcherIsGone) {
            Runtime.getRuntime().halt(KILLED);
            return;
        } catch (IOException noAccess) {
            return; // better to run unwatched than not at all
        }
        Thread watcher = new Thread(() -> haltAtTheEndOf(end), "launcher-lifeline");
        watcher.setDaemon(true);
        watcher.start();

        // An exiting JVM waits up to 300 ms for threads inside system calls: let the read return.
        Thread closer = new Thread(() -> close(end), "launcher-lifeline-closer");
        Runtime.getRuntime().addShutdownHook(closer);
    }

    private static void haltAtTheEndOf(FileChannel pipe) {
        try {
            pipe.read(ByteBuffer.allocate(1)); // no process writes
        } catch (IOException closedByTheHook) {
            return;
        }
        Runtime.getRuntime().halt(KILLED);
    }

    private static void close(FileChannel pipe) {
        try {
            pipe.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The descriptors of this process that are ends of pipes, with the kernel's names for them. */
    private static Map<String, String> pipes() {
        Map<String, String> pipes = new TreeMap<>();
        String[] descriptors = new File("/proc/self/fd").list();
        for (String descriptor : descriptors == null ? new String[0] : descriptors) {
            try {
                Path target = Files.readSymbolicLink(Paths.get("/proc/self/fd", descriptor));
                if (target.toString().startsWith("pipe:")) {
                    pipes.put(descriptor, target.toString());
                }
            } catch (IOException closed) {
                // the descriptor that listed the folder
            }
        }
        return pipes;
    }
}
