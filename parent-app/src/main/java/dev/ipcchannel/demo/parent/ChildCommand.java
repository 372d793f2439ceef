package dev.ipcchannel.demo.parent;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The command that starts a child JVM.
///
/// @param java the program, as a path or to be found on the PATH
/// @param jar the jar to run: this program's own, which contains the child as well, or another
/// child's
/// @param isQuiet whether the child answers messages without printing them
record ChildCommand(String java, Path jar, boolean isQuiet) {

    /// The first argument that makes the parent's jar run the child.
    static final String AS_CHILD = "--as-child";

    private static final String TOO_MANY_OPEN_FILES = ".*\\berror[:=] ?24\\b.*"; // EMFILE
    // A JVM that cannot start would print its reason on standard output, which no message contains.
    private static final String COMPLAINTS = "-XX:+DisplayVMOutputToStderr";
    private static final String PLAIN_WORD = "[A-Za-z0-9_@%+=:,./-]+"; // safe in every shell

    /// The java that runs this program.
    static String defaultJava() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /// The child's jar where the build puts it, relative to this program's jar; this program's jar
    /// where there is no other.
    static Path defaultJar() {
        Path child = ownJar().resolveSibling("../../child-app/target/child-app.jar").normalize();
        return Files.exists(child) ? child : ownJar();
    }

    private static Path ownJar() {
        return Path.of(URI.create(ParentApp.class.getProtectionDomain().getCodeSource()
                .getLocation().toString()));
    }

    /// Starts a child that connects to the server called `serverName`.
    ///
    /// @throws IOException if that is not possible, with one sentence that says why
    Process start(String serverName) throws IOException {
        checkJar();
        checkJava();
        List<String> words = words(serverName);
        words.add(1, COMPLAINTS); // after java
        try {
            return new ProcessBuilder(words).start();
        } catch (IOException failure) {
            throw new IOException(refusal(firstLine(failure)), failure);
        }
    }

    private String refusal(String reason) {
        if (reason.matches(TOO_MANY_OPEN_FILES)) {
            return "the child cannot be started, since this process may open no more files:"
                    + " raise ulimit -n (" + reason + ")";
        }
        return "the child's java cannot be started: java=" + java
                + ": name another one with --child-java (" + reason + ")";
    }

    /// The java of a folder, which is most likely a JDK.
    private static String folder(Path folder) {
        Path inside = folder.resolve("bin/java");
        return "the child's java is a folder: java=" + folder + ": give --child-java "
                + (Files.isExecutable(inside) ? "the program in it, " + inside
                        : "a program, bin/java of a JDK");
    }

    /// Whether the program is a path; otherwise it is searched on the PATH.
    private boolean isPath() {
        return java.contains("/");
    }

    /// The first line of a JDK's message: the lines after it are guesses.
    private static String firstLine(IOException failure) {
        return String.valueOf(failure.getMessage()).split("\n", 2)[0].strip();
    }

    /// The same command for a person to paste into a shell.
    ///
    /// @throws IOException if there is nothing to start
    String shellCommand(String serverName) throws IOException {
        checkJar();
        checkJava();
        List<String> quoted = new ArrayList<>();
        for (String word : words(serverName)) {
            quoted.add(word.matches(PLAIN_WORD) ? word : "'" + word.replace("'", "'\\''") + "'");
        }
        return String.join(" ", quoted);
    }

    /// Checks that the program exists: the JDK would say only `error: 2`.
    private void checkJava() throws IOException {
        if (!isPath()) {
            if (!isOnThePath()) {
                throw new IOException(refusal("it is not on the PATH"));
            }
            return;
        }
        Path program = Path.of(java);
        if (Files.isDirectory(program)) {
            throw new IOException(folder(program));
        }
        if (!Files.isExecutable(program)) {
            throw new IOException(refusal(Files.exists(program)
                    ? "it may not be executed" : "it is not there"));
        }
    }

    private boolean isOnThePath() {
        String path = System.getenv("PATH");
        return path == null // then the system has one of its own
                || Arrays.stream(path.split(File.pathSeparator, -1))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, java)));
    }

    private void checkJar() throws IOException {
        if (Files.isDirectory(jar)) {
            throw new IOException("the child's jar is a folder: jar=" + jar
                    + ": name the file in it with --child-jar");
        }
        if (!Files.isRegularFile(jar)) {
            throw new IOException("the child's jar is not there: jar=" + jar
                    + ": name another one with --child-jar");
        }
    }

    private boolean isOwnJar() {
        try {
            return Files.isSameFile(jar, ownJar());
        } catch (IOException _) { // it has gone
            return false;
        }
    }

    private List<String> words(String serverName) {
        List<String> words = new ArrayList<>(List.of(java,
                "--enable-native-access=ALL-UNNAMED", "-jar", jar.toString()));
        if (isOwnJar()) {
            words.add(AS_CHILD);
        }
        words.add("channel_name:" + serverName);
        if (isQuiet) {
            words.add("--quiet");
        }
        return words;
    }
}
