package dev.ipcchannel.child;

import dev.ipcchannel.ChildFailed;
import dev.ipcchannel.internal.base.Printable;
import dev.ipcchannel.internal.launch.JavaRuntime;
import dev.ipcchannel.internal.launch.Program;
import dev.ipcchannel.internal.posix.FileNames;
import dev.ipcchannel.internal.process.ExitCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The command line of a child, and the files that were made for it.
final class CommandLine {

    private static final int LEAST_JAVA = 25;
    private static final String SHELL = "/bin/sh";

    private final ChildJvm child;
    private final Map<String, String> marks;
    private final ChildEncoding encoding;
    private final List<ArgumentFile> files = new ArrayList<>();
    private @Nullable ClassArchive archive;
    private @Nullable CrashFile crashFile;
    private int debugPort;
    private volatile boolean hasConnected;

    /// @param marks the properties by which a JVM knows its parent
    CommandLine(ChildJvm child, Map<String, String> marks, ChildEncoding encoding) {
        this.child = child;
        this.marks = marks;
        this.encoding = encoding;
    }

    /// The words as this JVM has to give them to the JDK.
    ///
    /// @param script the commands to run before, which may be none
    List<String> words(StartScript script) throws IOException {
        List<byte[]> words = child.program().isJvm() ? java() : command();
        if (script.isEmpty() && ChildEncoding.canSay(words.stream())) {
            return words.stream().map(ChildEncoding::asText).toList();
        }
        try {
            return List.of(SHELL, kept(script.write(words)).path().toString());
        } catch (IOException failure) {
            throw StartRefusal.ofFile(failure);
        }
    }

    private ArgumentFile kept(ArgumentFile file) {
        files.add(file);
        return file;
    }

    private List<byte[]> command() {
        List<String> words = child.program().words();
        List<byte[]> command = new ArrayList<>();
        command.add(ChildEncoding.nameHere("program", words.getFirst()));
        command.addAll(arguments(words.subList(1, words.size())));
        command.addAll(arguments(child.programArguments()));
        return command;
    }

    private List<byte[]> arguments(List<String> arguments) {
        return arguments.stream().map(argument -> encoding.text("argument=" + argument, argument))
                .toList();
    }

    private List<byte[]> java() throws IOException {
        if (child.program() instanceof Program.Jar(var jar) && !Files.isRegularFile(jar)) {
            throw new ChildFailed("the child cannot be started: its jar " + (Files.isDirectory(jar)
                    ? "is a folder: jar=%s: give the path of the jar in it, or ChildJvm.of a class"
                    : "is not there: jar=%s: build it, or give its path")
                    .formatted(Printable.path(jar)));
        }
        JavaRuntime java = child.javaRuntime();
        if (java.feature() != 0 && java.feature() < LEAST_JAVA) {
            throw new ChildFailed("the child cannot be started: its java is too old: java=%s,"
                    .formatted(java.java())
                    + " version=%d, least=%d: give ChildJvm.java another one"
                            .formatted(java.feature(), LEAST_JAVA));
        }
        List<byte[]> words = options(java);
        List<byte[]> arguments = arguments(child.programArguments());
        List<byte[]> program = List.of(FileNames.bytes(java.java()));
        List<byte[]> all = joined(Stream.of(words, arguments));
        if (ArgumentFile.isLong(all) || !ChildEncoding.canSay(arguments.stream())) {
            return joined(Stream.of(program, filed(all))); // with the program's own arguments
        }
        boolean isFiled = isSecret() || !ChildEncoding.canSay(words.stream());
        return joined(Stream.of(program, isFiled ? filed(words) : words, arguments));
    }

    /// The word for a file that has these words. If the file cannot be written and is not needed,
    /// the words themselves.
    private List<byte[]> filed(List<byte[]> words) {
        try {
            return List.of(FileNames.bytes("@" + kept(ArgumentFile.of(words)).path()));
        } catch (IOException failure) {
            if (isSecret() || !ChildEncoding.canSay(words.stream())
                    || !ArgumentFile.canDoWithout(words)) {
                throw StartRefusal.ofFile(failure);
            }
            return words;
        }
    }

    private static List<byte[]> joined(Stream<List<byte[]>> parts) {
        return parts.flatMap(List::stream).toList();
    }

    /// All words between `java` and the program's arguments.
    private List<byte[]> options(JavaRuntime java) throws IOException {
        List<byte[]> program = program(); // first: it may be refused
        List<byte[]> users = child.options().stream().map(encoding::option).toList();
        List<byte[]> words = new ArrayList<>();
        ownOptions().forEach(option -> words.add(FileNames.bytes(option)));
        marks.forEach((name, value) -> words.add(mark(name, value)));
        crashFile = CrashFile.of(child);
        if (crashFile != null) {
            words.add(crashFile.option());
        }
        if (child.hasArchive()) {
            archive = ClassArchive.of(child.program(), java, child.options());
        }
        if (archive != null) {
            archive.options().forEach(option -> words.add(FileNames.bytes(option)));
        }
        words.addAll(users);
        words.addAll(program);
        return words;
    }

    private byte[] mark(String name, String value) {
        String option = "-D" + name + "=" + value;
        return child.hasPublicAddress() ? encoding.name("option", option) : encoding.option(option);
    }

    /// Whether the command line has a secret: the address of a transport that is not the library's.
    /// All users can read a command line.
    private boolean isSecret() {
        return !marks.isEmpty() && !child.hasPublicAddress();
    }

    private List<byte[]> program() {
        Path file = child.program().file();
        List<byte[]> program = new ArrayList<>();
        String what = "program";
        for (String word : child.program().words()) {
            program.add(encoding.name(what, word));
            what = switch (word) {
                case "-cp" -> "class path";
                case "--module-path" -> "module path";
                default -> "program";
            };
        }
        if (file != null) {
            program.add(encoding.name("program", file));
        }
        return program;
    }

    /// The options of every child JVM, before those of the user.
    private List<String> ownOptions() throws IOException {
        List<String> options = new ArrayList<>(List.of(
                "--enable-native-access=" + child.program().nativeAccess(),
                // The JVM's own messages go to the error output, except those of a crash. Messages
                // about archives that do not match are off, since the JVM runs without them.
                "-Xlog:disable", "-Xlog:all=warning,cds=off,cds*=off,aot*=off:stderr",
                "-XX:+DisplayVMOutputToStderr"));
        options.addAll(child.heapShare());
        // The parent reads its pipes as UTF-8, whatever the locale.
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

    private static boolean isPiped(Output output) {
        return output instanceof Output.Captured || output instanceof Output.Teed;
    }

    /// A port that was free a moment ago. The system gives such numbers in turn, so it is hardly
    /// taken yet.
    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /// The port for a debugger; 0 if there is none.
    int debugPort() {
        return debugPort;
    }

    /// The report of the child JVM's crash in this library's folder; null if there is none.
    @Nullable
    Path crashFile() {
        return crashFile == null ? null : crashFile.find();
    }

    /// Notes that the child has connected, and so has read all files.
    void connected() {
        hasConnected = true;
        deleteFiles();
    }

    private void deleteFiles() {
        files.forEach(ArgumentFile::delete);
    }

    /// Cleans up after a child that has ended.
    void ended(int exitCode) {
        deleteFiles();
        if (archive != null) {
            archive.ended(exitCode, !hasConnected && hasCrashed(exitCode));
        }
        if (crashFile != null && exitCode != 0) {
            crashFile.sweep();
        }
    }

    /// Whether the child's JVM has crashed. Without a core dump it exits with 1, like a program
    /// that fails: then the file of the crash is the evidence.
    private boolean hasCrashed(int exitCode) {
        return ExitCode.isCrash(exitCode) || (exitCode != 0 && crashFile() != null);
    }

    /// Cleans up after a child that was not started.
    void cleanUp() {
        deleteFiles();
        if (archive != null) {
            archive.release();
        }
    }
}
