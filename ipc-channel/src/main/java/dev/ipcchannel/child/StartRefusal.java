package dev.ipcchannel.child;

import dev.ipcchannel.ChildFailed;
import dev.ipcchannel.IpcException;
import dev.ipcchannel.ResourceExhausted;
import dev.ipcchannel.internal.base.Printable;
import dev.ipcchannel.internal.launch.JavaRuntime;
import dev.ipcchannel.internal.posix.FileNames;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The reason why a child could not be started, as one sentence. The JDK gives the system's error
/// number and little else. What the number refers to is searched here, after the refusal, so a
/// start that succeeds does not pay for it.
///
/// @param failure the exception of the JDK
/// @param child the plan of the child
/// @param command the words given to the system
/// @param environment the child's variables
record StartRefusal(IOException failure, ChildJvm child, List<String> command,
        Map<String, String> environment) {

    private static final String CANNOT = "the child cannot be started";
    private static final Pattern NUMBER = Pattern.compile("(?s).*\\berror[:=] ?(\\d+)\\b.*");
    private static final int NOT_THERE = 2; // ENOENT
    private static final int TOO_LONG = 7; // E2BIG
    private static final int TOO_MANY_PROCESSES = 11; // EAGAIN
    private static final int NO_MEMORY = 12; // ENOMEM
    private static final int TOO_MANY_FILES_OF_ALL = 23; // ENFILE
    private static final int TOO_MANY_FILES = 24; // EMFILE
    private static final String FILES = "Too many open files"; // where a file is opened

    /// The exception for the user.
    IpcException exception() {
        String reason = reason();
        return switch (number()) {
            case TOO_MANY_FILES -> exhausted("this process may open no more files: raise ulimit -n",
                    reason);
            case TOO_MANY_FILES_OF_ALL -> exhausted("the system may open no more files: raise"
                    + " /proc/sys/fs/file-max", reason);
            case TOO_MANY_PROCESSES -> exhausted(("no more processes may be started, in which"
                    + " threads count: limit=%s: raise ulimit -u, or pids.max of the container")
                    .formatted(limit("Max processes")), reason);
            case NO_MEMORY -> exhausted("the system has no memory for one more process: free some,"
                    + " or give the container more", reason);
            case TOO_LONG -> new ChildFailed(CANNOT + ": " + tooLong(), failure);
            default -> new ChildFailed(CANNOT + ": " + missing(reason), failure);
        };
    }

    /// The exception for a file of the child's start that could not be written.
    static IpcException ofFile(IOException failure) {
        StartRefusal refusal = new StartRefusal(failure, ChildJvm.ofCommand("none"), List.of(),
                Map.of());
        return refusal.number() == TOO_MANY_FILES ? refusal.exception()
                : new ChildFailed(("%s: the file that has its command line cannot be written:"
                        + " folder=%s: make room there, or start this JVM with"
                        + " -Djava.io.tmpdir=a folder that has some: %s").formatted(CANNOT,
                                Printable.path(System.getProperty("java.io.tmpdir")),
                                refusal.reason()),
                        failure);
    }

    /// The exception if the threads that watch a child could not be started.
    ///
    /// @throws OutOfMemoryError if the heap has no room
    static IpcException ofThread(OutOfMemoryError lack) {
        if (!String.valueOf(lack.getMessage()).contains("native thread")) {
            throw lack;
        }
        return new ResourceExhausted(("%s, since no more threads may be started, which would see to"
                + " it: limit=%s: raise ulimit -u, or pids.max of the container, or free memory")
                .formatted(CANNOT, limit("Max processes")), lack);
    }

    private ResourceExhausted exhausted(String why, String reason) {
        return new ResourceExhausted(CANNOT + ", since " + why + ": " + reason, failure);
    }

    /// The system's reason, without the program, which the sentence already has, and without the
    /// further lines that the JDK adds, which are guesses.
    private String reason() {
        String words = String.valueOf(failure.getMessage());
        int guesses = words.indexOf("Possible reasons");
        return Printable.of((guesses < 0 ? words : words.substring(0, guesses)).lines().findFirst()
                .orElse("").strip().replaceFirst("[,:]$", "")
                .replaceFirst("^Cannot run program \".*\"( \\(in directory \".*\"\\))?: ", ""));
    }

    private int number() {
        String words = String.valueOf(failure.getMessage());
        Matcher number = NUMBER.matcher(words);
        if (number.matches()) {
            return Integer.parseInt(number.group(1));
        }
        if (words.contains(FILES)) {
            return words.contains(FILES + " in system") ? TOO_MANY_FILES_OF_ALL : TOO_MANY_FILES;
        }
        return 0;
    }

    /// The thing that is missing or unfit, and the remedy.
    private String missing(String reason) {
        if (failure.getCause() instanceof FileNotFoundException) {
            return output(reason);
        }
        if (reason.contains("jspawnhelper") || reason.contains("posix_spawn failed")
                || reason.contains("spawn helper")) {
            return ("this JVM's own helper for starting programs does not run: file=%s: restart"
                    + " this program if its JDK was replaced meanwhile, else see that the file may"
                    + " be executed: %s").formatted(
                            Printable.path(Path.of(System.getProperty("java.home"), "lib",
                                    "jspawnhelper")),
                            reason);
        }
        Path directory = child.directory();
        String shown = Printable.path(directory);
        if (!Files.isDirectory(directory)) {
            return Files.exists(directory)
                    ? "its working directory is a file: directory=%s: give a folder"
                            .formatted(shown)
                    : "its working directory is not there: directory=%s: make it before"
                            .formatted(shown);
        }
        if (!Files.isExecutable(directory)) {
            return "its working directory may not be entered (chmod +x): directory=%s"
                    .formatted(shown);
        }
        Path java = child.javaOfJvm();
        return java == null ? program(reason) : java(java, reason);
    }

    private String output(String reason) {
        for (Output output : List.of(child.output(), child.errors())) {
            if (output instanceof Output.InFile(Path file)) {
                Path folder = file.toAbsolutePath().resolveSibling("");
                String shown = Printable.path(file);
                if (Files.isDirectory(file)) {
                    return "the file for its output is a folder: file=%s: give a file in it"
                            .formatted(shown);
                }
                if (!Files.isDirectory(folder)) {
                    return "the folder for its output is not there: file=%s: make it before"
                            .formatted(shown);
                }
                if (!Files.isWritable(Files.exists(file) ? file : folder)) {
                    return "the file for its output may not be written: file=%s: give another one"
                            .formatted(shown);
                }
            }
        }
        return "the file for its output cannot be opened: " + reason;
    }

    private String java(Path java, String reason) {
        String bad = bad("java", java);
        if (bad.isEmpty()) {
            return "its java does not run: java=%s: give ChildJvm.java the one in a JDK's folder"
                    .formatted(Printable.path(java)) + " bin: " + reason;
        }
        Path inside = java.resolve("bin/java");
        if (Files.isExecutable(inside)) {
            return bad + ": give ChildJvm.java the program in it: " + Printable.path(inside);
        }
        return java.equals(JavaRuntime.own().java())
                ? ("this program's run-time image has no java that runs: java=%s: make it with one"
                        + " (jlink without --strip-native-commands), or give ChildJvm.java that of"
                        + " a JDK").formatted(Printable.path(java))
                : bad + ": give ChildJvm.java the one in a JDK's folder bin";
    }

    private String program(String reason) {
        String word = child.program().words().getFirst();
        String bad = word.indexOf('/') < 0 ? ""
                : bad("program", child.directory().resolve(word));
        return bad.isEmpty()
                ? ("its program does not run: program=%s: install it, or give its whole"
                        + " path: %s").formatted(Printable.path(word), reason)
                : bad + ": install it, or give its whole path";
    }

    /// The reason why the system does not run such a file; empty if none is found.
    private String bad(String what, Path file) {
        String named = what + "=" + Printable.path(file);
        if (Files.isDirectory(file)) {
            return "its %s is a folder: %s".formatted(what, named);
        }
        if (Files.notExists(file)) {
            return "its %s is not there: %s".formatted(what, named);
        }
        if (!Files.isExecutable(file)) {
            return "its %s may not be executed (chmod +x): %s".formatted(what, named);
        }
        return number() != NOT_THERE ? ""
                : ("its %s is there, but not what runs it: %s (its first line names that, if"
                        + " it is a script, else ldd does)").formatted(what, named);
    }

    private String tooLong() {
        for (int i = 1; i < command.size(); i++) {
            int bytes = FileNames.bytes(command.get(i)).length;
            if (bytes > ArgumentFile.MAX_WORD) {
                return ("an argument is longer than the system takes: argument=%d, bytes=%d,"
                        + " limit=%d: send it as a message, or give the name of a file")
                        .formatted(i,
                                bytes, ArgumentFile.MAX_WORD);
            }
        }
        for (Map.Entry<String, String> variable : environment.entrySet()) {
            int bytes = bytes(variable);
            if (bytes > ArgumentFile.MAX_WORD) {
                return ("a variable is longer than the system takes: variable=%s, bytes=%d,"
                        + " limit=%d: send it as a message, or give the name of a file").formatted(
                                Printable.brief(variable.getKey()), bytes, ArgumentFile.MAX_WORD);
            }
        }
        long all = command.stream().mapToLong(word -> FileNames.bytes(word).length).sum()
                + environment.entrySet().stream().mapToLong(StartRefusal::bytes).sum();
        return ("its arguments and variables together are longer than the system takes: bytes=%d,"
                + " limit=a quarter of the stack, which is %s: raise ulimit -s, or send them as"
                + " messages").formatted(all, limit("Max stack size"));
    }

    private static int bytes(Map.Entry<String, String> variable) {
        return FileNames.bytes(variable.getKey() + "=" + variable.getValue()).length;
    }

    /// A limit of this process, as the kernel gives it.
    private static String limit(String name) {
        try {
            return Files.readAllLines(Path.of("/proc/self/limits")).stream()
                    .filter(line -> line.startsWith(name))
                    .map(line -> line.substring(name.length()).strip().split(" +", 2)[0])
                    .findFirst().orElse("unknown");
        } catch (IOException _) {
            return "unknown";
        }
    }
}
