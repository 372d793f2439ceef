package dev.ipcchannel.child;

import dev.ipcchannel.ChildFailed;
import dev.ipcchannel.internal.posix.FileNames;
import dev.ipcchannel.internal.posix.LocaleCharset;
import dev.ipcchannel.internal.process.Kill;
import dev.ipcchannel.internal.process.ProcessEnd;
import dev.ipcchannel.internal.process.ProcessTree;
import dev.ipcchannel.internal.rendezvous.ParentProcess;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The start of one child: its command line, its environment, its streams.
final class ChildStart {

    private static final List<String> PARENTS = List.of(ParentProcess.TRANSPORT,
            ParentProcess.ADDRESS,
            ParentProcess.JOBS, ParentProcess.OPTIONS, ParentProcess.AWAITED, ParentProcess.COMMAND,
            ParentProcess.EXIT_SIGN);

    private static final Redirect NOTHING = Redirect.from(new File("/dev/null"));

    private final ChildJvm child;
    private final Map<String, String> marks;
    private final BooleanSupplier isAwaited;
    private String treeMark = "";
    private @Nullable CommandLine line;
    private ChildMemory memory = ChildMemory.UNLIMITED;

    /// @param marks the properties or variables that name this process as the parent, by
    /// [ParentProcess]'s names; empty for a child without a connection
    /// @param isAwaited whether an exit of this JVM lets the start go on
    ChildStart(ChildJvm child, Map<String, String> marks, BooleanSupplier isAwaited) {
        this.child = child;
        this.marks = marks;
        this.isAwaited = isAwaited;
    }

    /// Starts the child.
    ChildProcess start() {
        if (!LiveChildren.mayStart(isAwaited)) { // it would outlive this JVM, or die at once
            throw new ChildFailed("the child cannot be started, since this JVM goes down");
        }
        boolean isStarted = false;
        ProcessBuilder builder = new ProcessBuilder();
        try {
            CommandLine words = prepare(builder);
            ChildProcess started = startedOrKilled(builder.start(), words);
            isStarted = true;
            return started;
        } catch (IOException failure) {
            throw new StartRefusal(failure, child, builder.command(), builder.environment())
                    .exception();
        } finally {
            if (!isStarted) {
                memory.remove();
                if (line != null) {
                    line.cleanUp();
                }
            }
        }
    }

    /// Sets up the command line, environment and streams. What this JVM cannot express in its
    /// locale goes into a script.
    private CommandLine prepare(ProcessBuilder builder) throws IOException {
        Map<String, String> environment = builder.environment();
        PARENTS.forEach(environment::remove); // of this process, not the child's
        Map<String, String> variables = child.variables();
        ChildEncoding encoding =
                new ChildEncoding(LocaleCharset.of(name -> variables.containsKey(name)
                        ? variables.get(name) : environment.get(name)));
        StartScript script = new StartScript();
        variables.forEach((name, value) -> set(environment, script, name,
                encoding.text("variable=" + name, value)));
        mark(environment, encoding, script);
        ChildMemory.sweep();
        memory = ChildMemory.limit(child.memoryLimit(),
                child.program().isJvm() ? child.options() : List.of(), script);
        goTo(builder, encoding, script);
        builder.redirectInput(child.hasInput() ? Redirect.PIPE : NOTHING);
        builder.redirectOutput(redirect(child.output(), 1, script));
        builder.redirectError(redirect(child.errors(), 2, script));
        CommandLine words = new CommandLine(child, marks, encoding);
        line = words;
        builder.command(words.words(script));
        return words;
    }

    private static void set(Map<String, String> environment, StartScript script, String name,
            byte[] value) {
        String text = FileNames.text(value);
        if (text == null || !FileNames.canHold(name)) {
            script.export(name, value);
        } else {
            environment.put(name, text);
        }
    }

    /// Sets the marks as variables, unless the child is a JVM: that gets them as properties, which
    /// no grandchild inherits. Also sets the mark of the process tree.
    private void mark(Map<String, String> environment, ChildEncoding encoding, StartScript script) {
        if (!child.program().isJvm()) {
            marks.forEach((name, value) -> set(environment, script, name,
                    child.hasPublicAddress() ? encoding.name("address", value)
                            : encoding.text("variable=" + name, value)));
        }
        String above = System.getenv(ParentProcess.TREE);
        // Of equal length: no mark is a prefix of another.
        String own = "%016x".formatted(new SplittableRandom().nextLong());
        String all = above == null ? own : above + "/" + own;
        environment.put(ParentProcess.TREE, all);
        treeMark = ParentProcess.TREE + "=" + all;
    }

    /// Sets the working directory. If none was given, the child inherits that of this process,
    /// whatever its name.
    private void goTo(ProcessBuilder builder, ChildEncoding encoding, StartScript script)
            throws IOException {
        Path directory = child.givenDirectory();
        if (directory == null) {
            return;
        }
        byte[] name = child.program().isJvm() ? encoding.name("directory", directory)
                : FileNames.bytes(directory);
        if (isKnownAsText(directory)) {
            builder.directory(directory.toFile());
            return;
        }
        checkIsFolder(directory);
        script.goTo(name);
    }

    /// Whether the JDK, which opens files by their names as text, finds that file.
    private static boolean isKnownAsText(Path file) {
        return FileNames.canHold(file.toString())
                && Arrays.equals(FileNames.bytes(file.toString()), FileNames.bytes(file));
    }

    private static void checkIsFolder(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            throw new NotDirectoryException(directory.toString());
        }
    }

    /// Sets up the threads that watch the child. If no thread can be started, kills the child,
    /// which would run unwatched.
    private ChildProcess startedOrKilled(Process process, CommandLine words) {
        boolean isSeenTo = false;
        try {
            ChildProcess started = started(process, words);
            isSeenTo = true;
            return started;
        } catch (OutOfMemoryError lack) {
            throw StartRefusal.ofThread(lack);
        } finally {
            if (!isSeenTo) {
                Set<ProcessHandle> _ = ProcessTree.kill(process);
            }
        }
    }

    private ChildProcess started(Process process, CommandLine words) {
        Kill.started(process, memory.cgroup());
        CompletableFuture<Process> end = ProcessEnd.of(process, ended -> {
            memory.ended();
            words.ended(ended.exitValue());
        });
        LiveChildren.add(process, end, isAwaited);
        ChildOutput output = ChildOutput.capture(process, consumer(child.output(), System.out),
                consumer(child.errors(), System.err));
        if (words.debugPort() != 0) {
            System.err.println("ipc-channel: a debugger can attach to child " + process.pid()
                    + " at 127.0.0.1:" + words.debugPort());
        }
        return new ChildProcess(child, process, output, words, memory, treeMark, end);
    }

    /// @param stream 1 for standard output, 2 for error output
    private static Redirect redirect(Output output, int stream, StartScript script)
            throws IOException {
        if (output instanceof Output.InFile(var file) && !isKnownAsText(file)) {
            checkIsFolder(file.toAbsolutePath().resolveSibling(""));
            script.append(stream, FileNames.bytes(file.toAbsolutePath()));
            return Redirect.DISCARD; // until the script opens the file
        }
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
