package dev.ipcchannel.child;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.ChildFailed;
import dev.ipcchannel.IpcException;
import dev.ipcchannel.OneShotServer;
import dev.ipcchannel.ResourceExhausted;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.OtherUser;
import dev.ipcchannel.testing.children.LongWordsParent;
import dev.ipcchannel.testing.children.ObedientChild;
import dev.ipcchannel.testing.children.RefusedParent;
import dev.ipcchannel.transport.Transport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The reasons that keep a child from being started, each with its own sentence and remedy, after
/// which there is no child.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StartRefusalIT {

    private static final String CANNOT = "the child cannot be started: ";
    private static final int LONG = 200_000;

    private static final ChildJvm CHILD = ChildJvm.of(ObedientChild.class);
    private static final ChildJvm COMMAND = ChildJvm.ofCommand("true");

    @RegisterExtension
    final Children children = new Children();

    @Test
    void javaIsMissing() {
        assertFails(CHILD.java(Path.of("/nowhere/bin/java")), "its java is not there:"
                + " java=/nowhere/bin/java: give ChildJvm.java the one in a JDK's folder bin");
    }

    @Test
    void javaIsAHome() {
        Path home = Path.of(System.getProperty("java.home"));

        assertFails(CHILD.java(home), "its java is a folder: java=" + home
                + ": give ChildJvm.java the program in it: " + home + "/bin/java");
        assertFails(CHILD.java(home.resolve("lib")), "its java is a folder: java=" + home
                + "/lib: give ChildJvm.java the one in a JDK's folder bin");
    }

    @Test
    void javaIsNoProgram() throws Exception {
        Path file = Files.createFile(children.directory().resolve("java"));

        assertFails(CHILD.java(file), "its java may not be executed (chmod +x): java=" + file
                + ": give ChildJvm.java the one in a JDK's folder bin");
        Files.delete(file);
    }

    @Test
    void javaNeedsAProgramThatIsMissing() throws Exception {
        Path file = executable("java", "#!/no/such/shell\n");

        assertFails(CHILD.java(file), "its java is there, but not what runs it: java=" + file
                + " (its first line names that, if it is a script, else ldd does)");
        assertFails(ChildJvm.ofCommand("./java").directory(children.directory()),
                "its program is there, but not what runs it: program=");
        Files.delete(file);
    }

    @Test
    void jarIsMissing() {
        assertFails(ChildJvm.ofJar(Path.of("/nowhere/shop.jar")),
                "its jar is not there: jar=/nowhere/shop.jar: build it, or give its path");
    }

    @Test
    void jarIsAFolder() {
        assertFails(ChildJvm.ofJar(children.directory()), "its jar is a folder: jar="
                + children.directory()
                + ": give the path of the jar in it, or ChildJvm.of a class");
    }

    @Test
    void programThatIsNoJvmIsNamed() {
        Path none = Path.of("/bin/true");
        ChildJvm child = ChildJvm.of(StartRefusalIT.class).java(none).errors(Output.capture());

        assertThatThrownBy(() -> child.start(String.class, String.class))
                .isInstanceOf(ChildFailed.class)
                .hasMessageContaining("the child ended before it connected: child="
                        + StartRefusalIT.class.getName() + ": see that it calls ChildJvm.parent,"
                        + " and that java=/bin/true starts a JVM: pid=");
        assertThatThrownBy(() -> child.java(Path.of("/bin/false"))
                .start(String.class, String.class)).isInstanceOf(ChildFailed.class)
                .hasMessageContaining(": see that java=/bin/false starts a JVM: pid=");
    }

    @Test
    void longWordsOfAUserAreCut() {
        String word = "x".repeat(3000);
        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> ChildJvm.ofCommand(word).start(), () -> ChildJvm.ofJar(Path.of(word)).start(),
                () -> ChildJvm.of(StartRefusalIT.class).directory(Path.of(word)).start(),
                () -> ChildJvm.of(StartRefusalIT.class).java(Path.of("/" + word)).start(),
                () -> OneShotServer.connect(word, String.class),
                () -> ChildJvm.of(StartRefusalIT.class).environment(word, "a\0"),
                () -> Transport.unix().connect("/" + word, TypeToken.of(String.class),
                        TypeToken.of(String.class)))) {
            assertThatThrownBy(call).message().contains("xxx", " letters)")
                    .hasSizeLessThan(600);
        }
    }

    @Test
    void halfOfALetterIsNoWordOfAChild() {
        assertThatThrownBy(() -> ChildJvm.of(StartRefusalIT.class).arguments("a\ud800b").start())
                .isInstanceOf(ChildFailed.class)
                .hasMessageEndingWith("half of a letter, an unpaired surrogate, is no text:"
                        + " argument=a\\ud800b, index=1: cut texts between letters");
    }

    @Test
    void workingDirectoryIsMissingOrNone() throws Exception {
        Path file = Files.createFile(children.directory().resolve("file"));

        for (ChildJvm child : List.of(CHILD, COMMAND)) {
            assertFails(child.directory(Path.of("/nowhere")),
                    "its working directory is not there: directory=/nowhere: make it before");
            assertFails(child.directory(file),
                    "its working directory is a file: directory=" + file + ": give a folder");
            assertFails(child.directory(Path.of("/" + "x".repeat(1000))),
                    "its working directory is not there: directory=/" + "x".repeat(199)
                            + "… (1,001 letters): make it before");
        }
        Files.delete(file);
    }

    @Test
    void commandIsMissing() {
        assertFails(ChildJvm.ofCommand("no-such-program", "x"), "its program does not run:"
                + " program=no-such-program: install it, or give its whole path: ");
        assertFails(ChildJvm.ofCommand("./x").directory(children.directory()), "its program is not"
                + " there: program=" + children.directory() + "/./x: install it, or give its whole"
                + " path");
        assertFails(ChildJvm.ofCommand("/usr/bin"), "its program is a folder: program=/usr/bin: ");
    }

    @Test
    void outputIsAFolderOrGoesToNone() {
        Path folder = children.directory();
        Path nowhere = Path.of("/nowhere/x");

        for (ChildJvm child : List.of(CHILD, COMMAND)) {
            assertFails(child.output(Output.toFile(folder)),
                    "the file for its output is a folder: file=" + folder + ": give a file in it");
            assertFails(child.errors(Output.toFile(nowhere)),
                    "the folder for its output is not there: file=/nowhere/x: make it before");
        }
    }

    @Test
    void wordsWithAZeroAreRefusedWhereTheyAreGiven() {
        for (Runnable call : List.<Runnable>of(() -> CHILD.arguments("a\0b"),
                () -> CHILD.jvmOptions("a\0b"), () -> ChildJvm.ofCommand("a\0b"),
                () -> ChildJvm.of("a\0b"))) {
            assertThatThrownBy(call::run).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("no program can be given a zero character")
                    .hasMessageContaining("a\\u0000b");
        }
    }

    @Test
    void argumentOfAJvmMayBeOfAnyLength() throws Exception {
        String word = "@x\"y\\ ".repeat(LONG / 6);

        try (ChildLink<String, String> child = CHILD.arguments("first", word, "", "@last")
                .output(Output.capture()).start(String.class, String.class)) {
            for (Map.Entry<Integer, String> sent : Map.of(0, "first", 1, word, 2, "", 3, "@last")
                    .entrySet()) {
                child.send("argument " + sent.getKey());
                assertThat(child.receive(Children.PATIENCE)).isEqualTo(sent.getValue());
            }
        }
    }

    @Test
    void argumentOfACommandIsLongerThanTheSystemTakes() {
        assertFails(COMMAND.arguments("x", "x".repeat(LONG)),
                "an argument is longer than the system"
                        + " takes: argument=2, bytes=200000, limit=131071: send it as a"
                        + " message, or give the"
                        + " name of a file");
    }

    @Test
    void variableIsLongerThanTheSystemTakes() {
        for (ChildJvm child : List.of(CHILD, COMMAND)) {
            assertFails(child.environment("LONG", "x".repeat(LONG)), "a variable is longer than the"
                    + " system takes: variable=LONG, bytes=200005, limit=131071: ");
        }
    }

    @Test
    void wordsTogetherAreLongerThanTheSystemTakes() {
        String[] many = new String[100];
        Arrays.fill(many, "x".repeat(LONG / 2));

        assertFails(COMMAND.arguments(many), "its arguments and variables together are longer than"
                + " the system takes: bytes=1");
    }

    @Test
    void fileOfArgumentsCannotBeWritten() throws Exception {
        var parent = children.command().piped().flags("-Djava.io.tmpdir=/nowhere")
                .start(LongWordsParent.class);

        parent.awaitExit(0);

        assertThat(parent.captured().lines()).satisfiesExactly(
                // what fits without a file goes without one
                line -> assertThat(line).isEqualTo("100 words, the last of 1000"),
                line -> assertThat(line).startsWith("ChildFailed: " + CANNOT + "the file that has"
                        + " its command line cannot be written: folder=/nowhere: make room there,"
                        + " or start this JVM with -Djava.io.tmpdir="));
    }

    @Test
    void whatAUserMayNotUseIsNamed() throws Exception {
        String[] otherUser = OtherUser.command();
        Path folder = Files.createDirectory(children.directory().resolve("locked"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path file = executable("program", "#!/bin/sh\n");
        Files.setPosixFilePermissions(children.directory(),
                PosixFilePermissions.fromString("rwxr-xr-x"));
        var parent = children.command().under(otherUser).piped().flags("-Xlog:disable")
                .environment("XDG_RUNTIME_DIR", "/nowhere").environment("HOME", "/nowhere")
                .start(RefusedParent.class, folder.toString(), file.toString());

        parent.awaitExit(0);

        assertThat(parent.captured().lines()).satisfiesExactly(
                line -> assertThat(line).isEqualTo("exit 0"),
                line -> assertThat(line)
                        .isEqualTo("ChildFailed: " + CANNOT + "its working directory"
                                + " may not be entered (chmod +x): directory=" + folder),
                line -> assertThat(line).startsWith("ChildFailed: " + CANNOT + "its program may not"
                        + " be executed (chmod +x): program=" + file),
                line -> assertThat(line).startsWith("ChildFailed: " + CANNOT + "its java may not be"
                        + " executed (chmod +x): java=" + file),
                line -> assertThat(line).startsWith("ChildFailed: " + CANNOT + "the file for its"
                        + " output may not be written: file=" + folder + "/file"),
                line -> assertThat(line).isEqualTo("exit 0"),
                line -> assertThat(line)
                        .startsWith("ResourceExhausted: the child cannot be started,"
                                + " since no more processes may be started, in which threads"
                                + " count: limit=1:"
                                + " raise ulimit -u, or pids.max of the container: "));
        Files.delete(folder);
        Files.delete(file);
    }

    @ParameterizedTest
    @CsvSource({"'posix_spawn failed, error: 12 (Cannot allocate memory)', no memory for one more",
        "'error=11, Resource temporarily unavailable', no more processes",
        "'/dev/x (Too many open files in system)', /proc/sys/fs/file-max",
        "'/dev/x (Too many open files)', ulimit -n"})
    void lackOfWhatTheMachineHasIsNoFailureOfTheChild(String said, String sentence) {
        assertThat(refusal(said)).isInstanceOf(ResourceExhausted.class)
                .hasMessageStartingWith("the child cannot be started, since ")
                .hasMessageContaining(sentence).hasMessageEndingWith(said);
    }

    @Test
    void helperOfTheJdkDoesNotRun() {
        assertThat(refusal("posix_spawn failed, error: 13 (Permission denied)"))
                .isInstanceOf(ChildFailed.class).hasMessageStartingWith(CANNOT + "this JVM's own"
                        + " helper for starting programs does not run: file="
                        + System.getProperty("java.home") + "/lib/jspawnhelper: restart");
    }

    private static IpcException refusal(String said) {
        return new StartRefusal(new IOException(said), COMMAND, List.of("true"), Map.of())
                .exception();
    }

    private Path executable(String name, String text) throws IOException {
        Path file = Files.writeString(children.directory().resolve(name), text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    private static void assertFails(ChildJvm child, String sentence) {
        assertThatThrownBy(child::start).isInstanceOf(ChildFailed.class)
                .hasMessageStartingWith(CANNOT + sentence);
        assertThatThrownBy(() -> child.start(String.class, String.class))
                .isInstanceOf(ChildFailed.class).hasMessageStartingWith(CANNOT + sentence);
        assertThat(ProcessHandle.current().children()).isEmpty();
    }
}
