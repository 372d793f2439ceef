package dev.ipcchannel.launcher;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * The program once more, in a JVM that is new enough, with this one as its shell.
 *
 * <p>It has the same arguments, environment, folder and standard streams, and its exit code becomes
 * ours. Of the options given to the old java, {@code -D…}, {@code -Xm…} and {@code -Xss…} are
 * passed on. Others are not, since a newer java may refuse them: JDK_JAVA_OPTIONS is for those. The
 * properties that a parent has set are passed on in any case, also out of a file of arguments: the
 * inner JVM is the child, and this one neither asks nor connects.
 *
 * <p>It ends with us: a signal that ends us in order is passed on as SIGTERM, and after SIGKILL
 * {@link Lifeline} does the rest.
 */
final class InnerJvm {
    static final int CANNOT_START = 2;
    private static final long PATIENCE_SECONDS = 5;
    /** Marks that a parent with the library sets for a child JVM, named as in its ParentProcess. */
    private static final List<String> MARKS =
            Arrays.asList("IPC_CHANNEL_CHILD", "IPC2_SOCKET_PATH", "IPC_CHANNEL_JOBS",
                    "IPC_CHANNEL_EXIT_SIGN");

    private InnerJvm() {}

    /** Runs the program to its end; returns the exit code for this process. */
    static int run(String[] args) throws InterruptedException {
        int needed = Launcher.needed();
        JavaSearch search = new JavaSearch(System.getenv(), System.getProperty("user.home"));
        Optional<JavaHome> found = search.first(needed);
        if (!found.isPresent()) {
            System.err.println(nothingFound(needed));
            return CANNOT_START;
        }
        if (String.join("", args).contains(Command.UNREADABLE)) {
            System.err.println(program() + ": " + Command.unreadable("an argument"));
            return CANNOT_START;
        }
        System.err.println(
                program() + ": this is " + thisJava() + ", going on with " + found.get());

        return run(found.get(), args);
    }

    private static int run(JavaHome java, String[] args) throws InterruptedException {
        Process inner;
        try {
            inner = new ProcessBuilder(command(java, args)).inheritIO()
                    .redirectInput(input()).start();
        } catch (IOException e) {
            System.err.println(program() + " cannot start " + java + ": " + e.getMessage());
            return CANNOT_START;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(inner), "end-inner-jvm"));
        return inner.waitFor(); // 128 + n after signal n
    }

    /** Ours, or nothing where it is closed: the JVM's first own file has taken its place then. */
    private static Redirect input() {
        try {
            Path input = Paths.get("/proc/self/fd/0").toRealPath();
            Path home = Paths.get(System.getProperty("java.home")).toRealPath();
            return input.startsWith(home) ? Redirect.from(new File("/dev/null")) : Redirect.INHERIT;
        } catch (IOException notAFile) {
            return Redirect.INHERIT;
        }
    }

    private static String nothingFound(int needed) {
        return program() + " needs Java " + needed + " or newer, but this is " + thisJava()
                + " and none was found in " + JavaSearch.places()
                + ": install one (package openjdk-" + needed + "-jdk or temurin-" + needed
                + "-jdk, say) or name its folder in JAVA_HOME.";
    }

    private static String thisJava() {
        String version = System.getProperty("java.version");
        return "Java " + version + " in " + System.getProperty("java.home");
    }

    private static List<String> command(JavaHome java, String[] args) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(java.java().toString());
        List<String> options = passedOn(commandLine());
        command.addAll(options);
        for (String mark : MARKS) {
            String said = System.getProperty(mark);
            if (said != null && !options.contains("-D" + mark + "=" + said)) {
                command.add("-D" + mark + "=" + said);
            }
        }
        // the manifest grants it for -jar only
        command.add("--enable-native-access=ALL-UNNAMED");
        // in any case: without it the inner JVM could take itself for an outer one, and so on
        command.add("-D" + Lifeline.PIPE + "=" + Lifeline.hold());
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(Launcher.class.getName());
        command.addAll(Arrays.asList(args));
        return command;
    }

    /** The options worth passing on in a java command; none if it is not clear where they end. */
    static List<String> passedOn(List<String> commandLine) {
        List<String> options = new ArrayList<>();
        for (String argument : commandLine) {
            if (argument.equals("-jar") || argument.equals(Launcher.class.getName())) {
                return options; // what follows is the program's
            }
            if (argument.matches("-(D|Xm|Xss).+")) {
                options.add(argument);
            }
        }
        return new ArrayList<>();
    }

    private static List<String> commandLine() {
        try {
            byte[] line = Files.readAllBytes(Paths.get("/proc/self/cmdline"));
            return Arrays.asList(new String(line, Charset.defaultCharset()).split("\0", 0));
        } catch (IOException noProc) {
            return Collections.emptyList();
        }
    }

    private static String program() {
        Path file = Paths.get(Launcher.jar()).getFileName();
        return file == null ? "this program" : file.toString();
    }

    private static void end(Process inner) {
        inner.destroy();
        try {
            if (!inner.waitFor(PATIENCE_SECONDS, SECONDS)) {
                inner.destroyForcibly();
            }
        } catch (InterruptedException e) {
            inner.destroyForcibly();
        }
    }
}
