package dev.ipcchannel;

import dev.ipcchannel.internal.base.Printable;
import dev.ipcchannel.internal.base.ShownTime;
import dev.ipcchannel.internal.process.ExitCode;
import dev.ipcchannel.internal.process.Kill;
import dev.ipcchannel.internal.wire.PeerAccount;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The state of a child process at one moment, as far as it is known. Exceptions about the child
/// have it.
///
/// @param pid the child's number
/// @param uptime from its start to its end, or to the moment of this report
/// @param exitCode the child's exit code, 128 + n after signal n; empty while it runs
/// @param errorLines the first and the last lines of its error output, where that is captured
/// @param crashFile the crash report that its JVM has written; null if it has not crashed, or is no
/// JVM
/// @param threadDump the stacks of its threads when a time limit passed; empty if none was asked
/// for; if it could not be made, the reason in parentheses
/// @param memoryLimit its limit of memory and what holds it: `67108864 held by a cgroup`; empty if
/// it has none
/// @param cause the cause of its end
public record ChildReport(long pid, Duration uptime, OptionalInt exitCode, List<String> errorLines,
        @Nullable Path crashFile, String threadDump, String memoryLimit, Cause cause) {

    private static final String MAIN_THREAD = "\"main\"";
    private static final int SHOWN_LINES = 24; // of a stack

    /// A cause of a child's end.
    ///
    /// @param kind by which a program may tell causes apart
    /// @param words the cause as a part of a sentence, with the remedy if there is one; empty if
    /// the exit code says it all
    public record Cause(Kind kind, String words) {

        private static final Cause RUNNING = new Cause(Kind.RUNNING, "");
        private static final Cause EXIT = new Cause(Kind.EXIT, "");
        private static final Cause ENDED_HERE = new Cause(Kind.ENDED_HERE, "ended by this process");

        // HotSpot's and the JDK's own words.
        private static final String UNCAUGHT = "Exception in thread \"main\" ";
        private static final int UNCAUGHT_IN_MAIN = 1; // the exit code
        private static final String TERMINATING = "Terminating due to ";
        private static final String OUT_OF_MEMORY = "java.lang.OutOfMemoryError";
        private static final String NO_NATIVE =
                "There is insufficient memory for the Java Runtime Environment to continue";
        private static final List<String> NATIVE =
                List.of("allocate", "swap space", "native");
        private static final List<String> HEAP =
                List.of("heap space", "GC overhead", "array size");
        private static final String NO_HEAP = "Could not reserve enough space for";

        /// A kind of cause.
        public enum Kind {
            /// None: the child runs.
            RUNNING,
            /// It has ended by itself, as its exit code says.
            EXIT,
            /// Its program has called `System.exit` while it was connected.
            SYSTEM_EXIT,
            /// Its JVM had no more heap, metaspace, direct memory or threads.
            OUT_OF_MEMORY,
            /// The stack of its main thread was full.
            STACK_OVERFLOW,
            /// It has crashed.
            CRASH,
            /// The kernel has killed it for lack of memory.
            KILLED_FOR_MEMORY,
            /// Another process has ended it by a signal, or the kernel: which is not known.
            SIGNAL,
            /// This process has ended it.
            ENDED_HERE
        }

        /// The cause, as far as a kill and the exit code, error lines and crash file show it, and
        /// what the child has announced before it ended. What is certain comes first; the error
        /// lines may be older than the end.
        ///
        /// @param failure an error that it has announced; null if none
        /// @param caller of `System.exit` in it; null if none
        static Cause of(Kill kill, OptionalInt exitCode, List<String> errorLines,
                @Nullable Path crashFile, @Nullable String failure, @Nullable String caller) {
            return switch (kill.origin()) {
                case NONE -> exitCode.isEmpty() ? RUNNING
                        : exitCode.getAsInt() == 0 && caller == null ? EXIT
                                : ofEnd(exitCode.getAsInt(), errorLines, crashFile, failure,
                                        caller);
                case KERNEL -> new Cause(Kind.KILLED_FOR_MEMORY, kill.words());
                case HERE -> ENDED_HERE;
                case PROCESS, UNKNOWN -> new Cause(Kind.SIGNAL, kill.words());
            };
        }

        private static Cause ofEnd(int code, List<String> errorLines, @Nullable Path crashFile,
                @Nullable String failure, @Nullable String caller) {
            Cause fatal = first(errorLines, Cause::ofFatalLine);
            if (fatal.kind != Kind.EXIT) {
                return fatal;
            }
            if (crashFile != null || ExitCode.isCrash(code)) {
                return new Cause(Kind.CRASH,
                        crashFile == null ? "it crashed" : "its JVM crashed");
            }
            if (!ExitCode.signal(code).isEmpty()) {
                return new Cause(Kind.SIGNAL, "ended by a signal that was sent to it");
            }
            if (failure != null && failure.startsWith(OUT_OF_MEMORY)) {
                return outOfMemory(failure);
            }
            if (caller != null) {
                return new Cause(Kind.SYSTEM_EXIT, "System.exit was called at " + caller);
            }
            return code == UNCAUGHT_IN_MAIN ? first(errorLines, Cause::ofUncaught) : EXIT;
        }

        private static Cause first(List<String> lines, Function<String, Cause> ofLine) {
            return lines.stream().map(ofLine).filter(cause -> cause.kind != Kind.EXIT)
                    .findFirst().orElse(EXIT);
        }

        /// The cause that the JVM's last line shows; [#EXIT] if it is no such line.
        private static Cause ofFatalLine(String line) {
            if (line.contains(NO_NATIVE) || line.contains(NO_HEAP)) {
                return new Cause(Kind.OUT_OF_MEMORY, "its JVM got no more memory from the system:"
                        + " raise memoryLimit, or give the machine or the container more");
            }
            return line.startsWith(TERMINATING) && line.contains(OUT_OF_MEMORY)
                    ? outOfMemory(line.substring(line.indexOf(OUT_OF_MEMORY)))
                    : EXIT;
        }

        /// The cause that a line shows by which the main thread has ended; [#EXIT] if it shows
        /// none. The end of any other thread does not end the JVM.
        private static Cause ofUncaught(String line) {
            if (!line.startsWith(UNCAUGHT)) {
                return EXIT;
            }
            return line.contains(OUT_OF_MEMORY)
                    ? outOfMemory(line.substring(line.indexOf(OUT_OF_MEMORY)))
                    : line.contains("java.lang.StackOverflowError")
                            ? new Cause(Kind.STACK_OVERFLOW, "the stack of its main thread was"
                                    + " full: see that its recursion ends, or raise -Xss")
                            : EXIT;
        }

        /// Whether native memory was out: such errors often have no message.
        private static boolean isOfNative(String error) {
            return error.equals(OUT_OF_MEMORY) || NATIVE.stream().anyMatch(error::contains);
        }

        /// The cause for an `OutOfMemoryError`.
        ///
        /// @param error with its class name, as its `toString` gives it
        private static Cause outOfMemory(String error) {
            String lack = error.contains("native thread")
                    ? "threads: raise ulimit -u, pids.max or memoryLimit, or start fewer"
                    : error.contains("Metaspace") || error.contains("class space")
                            ? "metaspace: raise memoryLimit or -XX:MaxMetaspaceSize"
                            : error.contains("direct buffer")
                                    ? "direct memory: raise memoryLimit or -XX:MaxDirectMemorySize"
                                    : HEAP.stream().anyMatch(error::contains)
                                            ? "heap: raise memoryLimit or heap"
                                            : isOfNative(error)
                                                    ? "native memory: raise memoryLimit"
                                                    : "memory: raise memoryLimit or heap";
            return new Cause(Kind.OUT_OF_MEMORY, "its JVM was out of " + lack);
        }
    }

    /// A report of a child without a limit of memory, with the cause that these facts show.
    public ChildReport(long pid, Duration uptime, OptionalInt exitCode, List<String> errorLines,
            @Nullable Path crashFile, String threadDump) {
        this(pid, uptime, exitCode, errorLines, crashFile, threadDump, "",
                Cause.of(Kill.NONE, exitCode, errorLines, crashFile, null, null));
    }

    /// One line with the process and its end; then its error lines and the stack of its main
    /// thread, if there are any.
    @Override
    public String toString() {
        return "pid=%d, uptime=%s, %s%s%s%s%s%s".formatted(pid, ShownTime.of(uptime),
                exitCode.isPresent() ? ExitCode.describe(exitCode.getAsInt()) : "running",
                cause.words().isEmpty() ? "" : ": " + Printable.of(cause.words()),
                crashFile == null ? "" : ", crash=" + crashFile,
                memoryLimit.isEmpty() ? "" : ", memoryLimit=" + memoryLimit, mainThread(),
                PeerAccount.quote(errorLines.stream().map(Printable::of).toList()));
    }

    private String mainThread() {
        if (threadDump.startsWith("(")) {
            return ", " + Printable.of(threadDump);
        }
        List<String> lines = threadDump.lines().dropWhile(line -> !line.startsWith(MAIN_THREAD))
                .takeWhile(line -> !line.isBlank()).limit(SHOWN_LINES).toList();
        return lines.isEmpty() ? "" : ", main thread:\n    "
                + String.join("\n    ",
                        lines.stream().map(String::strip).map(Printable::of).toList());
    }
}
