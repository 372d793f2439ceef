package dev.ipcchannel.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.OneShotServer;
import dev.ipcchannel.internal.base.Ticks;
import dev.ipcchannel.internal.meet.EntryWatch;
import dev.ipcchannel.internal.meet.MeetingThread;
import dev.ipcchannel.internal.rendezvous.ExitSign;
import dev.ipcchannel.internal.wait.Waiter;
import dev.ipcchannel.internal.wait.Watcher;
import dev.ipcchannel.testing.children.Talk;
import java.io.File;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// The child JVMs of one test. After the test it asserts that nothing is left: no process,
/// descriptor, mapping, thread or server directory more than before, and that the exit code of
/// every child was asserted. When the test fails, it prints the children's output.
///
/// ```java
/// @RegisterExtension
/// final Children children = new Children();
/// ```
public final class Children implements BeforeEachCallback, AfterEachCallback {

    /// How long a test waits for a fact before it gives up: longer than anything takes on a busy
    /// machine.
    public static final Duration PATIENCE = Duration.ofSeconds(45);

    /// The `java` that runs the tests.
    static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

    private static final String TEMPORARY_DIRECTORY = "java.io.tmpdir";
    private static final int POOLED_WAITERS = 64; // more than any test has threads that wait
    private static final long TICKS_LIFE = 20; // milliseconds, of a thread without a task

    private final List<ChildJvm> started = new ArrayList<>();
    private final String temporaryDirectory = System.getProperty(TEMPORARY_DIRECTORY);
    private Path directory = Path.of("");
    private Traces before = Traces.now(List.of());

    /// A command to start a child with, to be changed before its start.
    public final class Command {

        private final List<String> words = new ArrayList<>();
        private final List<String> flags = new ArrayList<>(List.of(
                "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", // to be up soon
                "-XX:-UsePerfData", "-XX:-CreateCoredumpOnCrash", // no files
                "--sun-misc-unsafe-memory-access=deny"));
        private final Map<String, String> environment = new TreeMap<>();
        private Path java = JAVA;
        private String nativeAccess = "--enable-native-access=ALL-UNNAMED";
        private boolean isPiped;

        /// With more flags for its JVM.
        public Command flags(String... more) {
            flags.addAll(List.of(more));
            return this;
        }

        /// With one carrier for all virtual threads, to which no other is ever added.
        public Command onOneCarrier() {
            return flags("-Djdk.virtualThreadScheduler.parallelism=1",
                    "-Djdk.virtualThreadScheduler.maxPoolSize=1");
        }

        /// Run by another `java`.
        public Command java(Path other) {
            java = other;
            return this;
        }

        /// With another flag for native access.
        public Command nativeAccess(String flag) {
            nativeAccess = flag;
            return this;
        }

        /// Started by another program, which gets the child's command as its last arguments.
        public Command under(String... program) {
            words.addAll(List.of(program));
            return this;
        }

        /// With an environment variable.
        public Command environment(String name, String value) {
            environment.put(name, value);
            return this;
        }

        /// With its output in pipes, see [ChildJvm#captured], and not in a file.
        public Command piped() {
            isPiped = true;
            return this;
        }

        /// Starts `main` with `arguments`.
        public ChildJvm start(Class<?> main, String... arguments) throws IOException {
            words.add(java.toString());
            words.add(nativeAccess);
            words.addAll(java.equals(JAVA) ? ChildClasses.flags() : List.of());
            words.addAll(flags);
            words.addAll(List.of("-cp", classPath(), main.getName()));
            words.addAll(List.of(arguments));
            ProcessBuilder builder = new ProcessBuilder(words);
            builder.environment().put("XDG_RUNTIME_DIR", directory().toString());
            builder.environment().putAll(environment);
            Path output = directory.resolve("child-" + started.size() + ".txt");
            if (!isPiped) {
                builder.redirectErrorStream(true).redirectOutput(output.toFile());
            }
            ChildJvm child = new ChildJvm(builder.start(), output, isPiped);
            started.add(child);
            return child;
        }
    }

    /// A command with the flags that all children have.
    public Command command() {
        return new Command();
    }

    /// Starts `main` with `arguments`.
    public ChildJvm start(Class<?> main, String... arguments) throws IOException {
        return command().start(main, arguments);
    }

    /// Starts `main` with the name of a server before its own `arguments`, and accepts it.
    public Conversation converse(Class<?> main, String... arguments)
            throws IOException, InterruptedException {
        try (OneShotServer<Talk> server = OneShotServer.open(Talk.class)) {
            String[] all = Stream.concat(Stream.of(server.name()), Stream.of(arguments))
                    .toArray(String[]::new);
            ChildJvm child = start(main, all);
            return new Conversation(child, server.accept(child.process(), PATIENCE));
        }
    }

    /// A directory for this test, also the children's runtime directory; removed after the test.
    public Path directory() {
        return directory;
    }

    /// The classes of the library and of its tests: all that a child needs.
    public static String classPath() {
        return ChildClasses.classPath();
    }

    /// How many descriptors this process has open, except plain files.
    public static long descriptors() {
        return Traces.descriptors();
    }

    /// How many mappings of the library's memory files this process has.
    public static long mappings() {
        return Traces.mappings();
    }

    /// How many threads of the library this process has.
    public static long threads() {
        return Traces.threads();
    }

    /// How many descriptors this process has open, plain files as well; a fast count.
    public static long allDescriptors() {
        String[] names = new File("/proc/self/fd").list();
        return names == null ? 0 : names.length;
    }

    /// Waits until this process has no more resources than before the test.
    public void awaitNothingLeft() {
        await("nothing left behind").atMost(PATIENCE).pollInterval(Duration.ofMillis(2))
                .untilAsserted(() -> assertThat(now().beyond(before)).isEmpty());
    }

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        warmUp();
        directory = Files.createTempDirectory("ipct-",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        // This JVM's servers use it as well, away from those of other programs.
        System.setProperty(TEMPORARY_DIRECTORY, directory.toString());
        before = now();
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException, InterruptedException {
        boolean hasFailed = context.getExecutionException().isPresent();
        try {
            List<ChildJvm> careless =
                    started.stream().filter(child -> !child.isExitAsserted()).toList();
            for (ChildJvm child : started) {
                child.destroy();
            }
            if (hasFailed) {
                started.forEach(System.err::println);
                return; // the first failure matters
            }
            assertThat(careless).as("children whose exit code was not asserted").isEmpty();
            awaitNothingLeft();
        } finally {
            started.clear();
            System.setProperty(TEMPORARY_DIRECTORY, temporaryDirectory);
            deleteAll(directory);
        }
    }

    private Traces now() {
        String runtimeDirectory = System.getenv("XDG_RUNTIME_DIR");
        return Traces.now(runtimeDirectory == null
                ? List.of(directory)
                : List.of(directory, Path.of(runtimeDirectory)));
    }

    /// Creates all lasting resources before the first count: fills the library's pools, starts its
    /// watchers, makes the sign by which children see this JVM's exit, and has the JDK open the
    /// descriptor that it keeps for closing sockets. Has the thread of timers, which otherwise
    /// remains for a second, end at once.
    private static void warmUp() throws IOException {
        SocketChannel.open(StandardProtocolFamily.UNIX).close();
        Watcher.instance();
        Watcher _ = MeetingThread.thread();
        EntryWatch _ = EntryWatch.instance();
        String _ = ExitSign.own();
        Ticks.timer().setKeepAliveTime(TICKS_LIFE, TimeUnit.MILLISECONDS);
        List<Waiter> waiters = Stream.generate(Waiter::borrow).limit(POOLED_WAITERS).toList();
        waiters.forEach(Waiter::giveBack);
    }

    /// Deletes a directory with all that is in it.
    static void deleteAll(Path directory) throws IOException {
        try (Stream<Path> entries = Files.walk(directory)) {
            for (Path entry : entries.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.deleteIfExists(entry);
            }
        }
    }
}
