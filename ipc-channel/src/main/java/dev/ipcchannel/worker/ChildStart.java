package dev.ipcchannel.worker;

import dev.ipcchannel.ChildFailed;
import dev.ipcchannel.ChildOutput;
import dev.ipcchannel.ResourceExhausted;
import dev.ipcchannel.internal.base.Printable;
import dev.ipcchannel.internal.posix.ProcessEnd;
import dev.ipcchannel.internal.posix.ProcessTree;
import dev.ipcchannel.internal.rendezvous.Parenthood;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One start of a child: its command line, its environment, its streams.
final class ChildStart {

    // EMFILE: the JDK has its number where a process is started, its words where a file is opened
    private static final String TOO_MANY_OPEN_FILES =
            "(?s).*(\\berror[:=] ?24\\b|Too many open files).*";

    private static final int LEAST_JAVA = 25;

    private static final List<String> PARENTS = List.of(Parenthood.TRANSPORT, Parenthood.ADDRESS,
            Parenthood.JOBS, Parenthood.AWAITED, Parenthood.COMMAND);

    private final ChildJvm child;
    private final Map<String, String> marks;
    private int debugPort;
    private String treeMark = "";
    private @Nullable ClassArchive archive;
    private @Nullable ArgumentFile argumentFile;

    /// @param marks what says that this process is its parent, by [Parenthood]'s names; empty where
    /// nobody talks with it
    ChildStart(ChildJvm child, Map<String, String> marks) {
        this.child = child;
        this.marks = marks;
    }

    /// Starts it.
    ChildProcess start() {
        if (LiveChildren.isEnding()) { // it would outlive this JVM, or die as soon as it is there
            throw new ChildFailed("the child cannot be started, since this JVM goes down");
        }
        boolean isStarted = false;
        try {
            ProcessBuilder builder = new ProcessBuilder(command());
            builder.directory(child.directory().toFile());
            mark(builder.environment());
            builder.redirectOutput(redirect(child.output()));
            builder.redirectError(redirect(child.errors()));
            ChildProcess started = startedOrKilled(builder.start());
            isStarted = true;
            return started;
        } catch (IOException failure) {
            throw refused(failure);
        } finally {
            if (!isStarted) {
                cleanUp();
            }
        }
    }

    /// What this process itself may have of its own parent is not the child's. A JVM has its marks
    /// elsewhere, where no grandchild inherits them.
    private void mark(Map<String, String> environment) {
        PARENTS.forEach(environment::remove);
        environment.putAll(child.variables());
        if (!child.program().isJvm()) {
            environment.putAll(marks);
        }
        String above = System.getenv(Parenthood.TREE);
        // Of one width: none is the beginning of another.
        String own = "%016x".formatted(new SplittableRandom().nextLong());
        String all = above == null ? own : above + "/" + own;
        environment.put(Parenthood.TREE, all);
        treeMark = Parenthood.TREE + "=" + all;
    }

    /// There may be no more threads to see to it: then it is not to run, for nobody would know of
    /// it.
    private ChildProcess startedOrKilled(Process process) {
        boolean isSeenTo = false;
        try {
            ChildProcess started = started(process);
            isSeenTo = true;
            return started;
        } finally {
            if (!isSeenTo) {
                Set<ProcessHandle> _ = ProcessTree.kill(process);
            }
        }
    }

    private ChildProcess started(Process process) {
        ClassArchive written = archive;
        ArgumentFile arguments = argumentFile;
        CompletableFuture<Process> end =
                ProcessEnd.of(process, ended -> settle(ended, written, arguments));
        LiveChildren.add(process, end);
        ChildOutput output = ChildOutput.capture(process, consumer(child.output(), System.out),
                consumer(child.errors(), System.err));
        if (debugPort != 0) {
            System.err.println("ipc-channel: a debugger can attach to child " + process.pid()
                    + " at 127.0.0.1:" + debugPort);
        }
        return new ChildProcess(child, process, output, debugPort, treeMark, end,
                arguments == null ? () -> {} : arguments::delete);
    }

    /// A child has ended: puts in order what its start has left.
    private static void settle(Process ended, @Nullable ClassArchive written,
            @Nullable ArgumentFile arguments) {
        if (arguments != null) {
            arguments.delete();
        }
        if (written != null) {
            written.ended(ended.exitValue());
        }
    }

    private void cleanUp() {
        if (archive != null) {
            archive.release();
        }
        if (argumentFile != null) {
            argumentFile.delete();
        }
    }

    private RuntimeException refused(IOException failure) {
        String reason = reason(failure);
        if (reason.matches(TOO_MANY_OPEN_FILES)) {
            return new ResourceExhausted(
                    "the child cannot be started, since this process may open no"
                            + " more files: raise ulimit -n: " + Printable.of(reason),
                    failure);
        }
        return new ChildFailed(
                "the child cannot be started: " + missing(Printable.of(reason)), failure);
    }

    /// The system's word. What the JDK adds on further lines are its guesses at what it does not know.
    private static String reason(IOException failure) {
        String words = String.valueOf(failure.getMessage());
        int guesses = words.indexOf("Possible reasons");
        return (guesses < 0 ? words : words.substring(0, guesses)).lines().findFirst().orElse("")
                .strip().replaceFirst("[,:]$", "");
    }

    /// What is not there, and where it may come from.
    private String missing(String reason) {
        if (!Files.isDirectory(child.directory())) {
            return "its working directory is not there: directory=%s: make it before"
                    .formatted(child.directory());
        }
        for (Output output : List.of(child.output(), child.errors())) {
            if (output instanceof Output.InFile(Path file)
                    && !Files.isDirectory(file.toAbsolutePath().resolveSibling(""))) {
                return "the folder for its output is not there: file=%s: make it before"
                        .formatted(file);
            }
        }
        Path java = child.javaOfJvm();
        if (java != null && !Files.isExecutable(java)) {
            return ("its java does not run: java=%s: give ChildJvm.java the one in a JDK's"
                    + " folder bin: %s")
                    .formatted(java, reason);
        }
        return java != null ? "the system refuses its command line: " + reason
                : "its program does not run: program=%s: install it, or give its whole path: %s"
                        .formatted(child.program().words().getFirst(), reason);
    }

    private List<String> command() throws IOException {
        Program program = child.program();
        if (!program.isJvm()) {
            return with(new ArrayList<>(program.words()), child.programArguments());
        }
        if (program instanceof Program.Jar(var jar) && !Files.isRegularFile(jar)) {
            throw new ChildFailed("the child cannot be started: its jar is not there: jar=" + jar
                    + ": build it, or give its path");
        }
        JavaRuntime java = child.javaRuntime();
        if (java.feature() != 0 && java.feature() < LEAST_JAVA) {
            throw new ChildFailed("the child cannot be started: its java is too old: java=%s,"
                    .formatted(java.java())
                    + " version=%d, least=%d: give ChildJvm.java another one"
                            .formatted(java.feature(), LEAST_JAVA));
        }
        List<String> words = new ArrayList<>(ownOptions());
        if (child.hasArchive()) {
            archive = ClassArchive.of(program, java, child.options());
            if (archive != null) {
                words.addAll(archive.options());
            }
        }
        words.addAll(child.options());
        words.addAll(program.words());
        if (!isSecret() && !ArgumentFile.isNeeded(words)) {
            words.addFirst(java.java().toString());
            return with(words, child.programArguments());
        }
        ArgumentFile file = ArgumentFile.write(words);
        argumentFile = file;
        return with(new ArrayList<>(List.of(java.java().toString(), "@" + file.path())),
                child.programArguments());
    }

    /// Every user of the machine can read a command line.
    private boolean isSecret() {
        return !marks.isEmpty() && !child.hasPublicAddress();
    }

    private static List<String> with(List<String> words, List<String> more) {
        words.addAll(more);
        return words;
    }

    /// What every child JVM is told, before all that the user says.
    private List<String> ownOptions() throws IOException {
        List<String> options = new ArrayList<>(List.of(
                "--enable-native-access=" + child.program().nativeAccess(),
                // The JVM's own words, off standard output, but for those of a crash; of archives
                // that do not fit, none: it goes on.
                "-Xlog:disable", "-Xlog:all=warning,cds=off,cds*=off,aot*=off:stderr",
                "-XX:+DisplayVMOutputToStderr"));
        marks.forEach((name, value) -> options.add("-D" + name + "=" + value));
        // What a pipe brings here is read as UTF-8, whatever the locale.
        if (isPiped(child.output())) {
            options.add("-Dstdout.encoding=UTF-8");
        }
        if (isPiped(child.errors())) {
            options.add("-Dstderr.encoding=UTF-8");
        }
        if (child.hasDebugger()) {
            debugPort = freePort();
            options.add(
                    "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,quiet=y,"
                            + "address=127.0.0.1:"
                            + debugPort);
        }
        return options;
    }

    /// One that was free a moment ago: the system gives such numbers in turn.
    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static boolean isPiped(Output output) {
        return output instanceof Output.Captured || output instanceof Output.Teed;
    }

    private static Redirect redirect(Output output) {
        return switch (output) {
            case Output.Inherited _ -> Redirect.INHERIT;
            case Output.Captured _,Output.Teed _ -> Redirect.PIPE;
            case Output.InFile(var file) -> Redirect.appendTo(file.toFile());
        };
    }

    private static Consumer<String> consumer(Output output, PrintStream stream) {
        return output instanceof Output.Teed(String prefix)
                ? line -> stream.println(prefix + line)
                : _ -> {};
    }
}
