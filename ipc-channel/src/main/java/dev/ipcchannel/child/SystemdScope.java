package dev.ipcchannel.child;

import dev.ipcchannel.internal.base.Log;
import dev.ipcchannel.internal.base.MadeOnce;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A transient scope of the user's systemd, which holds a child by a limit of memory of its cgroup:
/// for a user whose cgroup has other processes as well, as in a terminal. `systemd-run --scope`
/// enters the scope itself, then becomes the program, so the child's number remains.
///
/// Whether that works here is tried once, since a scope of an old systemd ignores limits.
///
/// @param program `systemd-run`
/// @param runtime the user's runtime folder, in which systemd listens; null if there is none
record SystemdScope(Path program, @Nullable Path runtime) {

    private static final long TRIAL_BYTES = 64 << 20;
    private static final long PATIENCE_SECONDS = 3;

    private static final MadeOnce<Boolean> WORKS = new MadeOnce<>() {
        @Override
        protected Boolean make() {
            return ofUser().works();
        }
    };

    static SystemdScope ofUser() {
        String folder = System.getenv("XDG_RUNTIME_DIR");
        return new SystemdScope(Path.of("/usr/bin/systemd-run"),
                folder == null || !folder.startsWith("/") ? null : Path.of(folder));
    }

    /// Whether scopes of this user hold limits. The first call may take some tenths of a second.
    static boolean isHolding() {
        return WORKS.get();
    }

    /// The words before a command that is to be held.
    List<String> words(long bytes) {
        return List.of(program.toString(), "--user", "--scope", "--quiet", "--collect",
                "--property=MemoryMax=" + bytes, "--property=MemorySwapMax=0", "--");
    }

    /// Tries a scope: the command in it shows the limit of its own cgroup.
    boolean works() {
        if (runtime == null || !Files.exists(runtime.resolve("systemd/private"))
                || !Files.isExecutable(program)) {
            return false;
        }
        List<String> words = new ArrayList<>(words(TRIAL_BYTES));
        words.addAll(List.of("/bin/sh", "-c",
                "cat /sys/fs/cgroup$(sed -n 's/^0:://p' /proc/self/cgroup)/memory.max"));
        try {
            Process trial = new ProcessBuilder(words)
                    .redirectError(ProcessBuilder.Redirect.DISCARD).start();
            try {
                return hasEnded(trial) && trial.exitValue() == 0
                        && new String(trial.getInputStream().readAllBytes(),
                                StandardCharsets.US_ASCII).strip()
                                .equals(Long.toString(TRIAL_BYTES));
            } finally {
                trial.destroyForcibly();
            }
        } catch (IOException failure) {
            Log.debug("a scope of systemd could not be tried", failure);
            return false;
        }
    }

    /// Waits for the end of the trial, whatever interrupts: the result counts for all later starts.
    private static boolean hasEnded(Process trial) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        boolean isInterrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    return trial.waitFor(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException _) {
                    isInterrupted = true;
                }
            }
        } finally {
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
