package dev.ipcchannel.examples.cluster;

import dev.ipcchannel.Disconnected;
import dev.ipcchannel.child.ChildJvm;
import dev.ipcchannel.child.ChildProcess;
import dev.ipcchannel.child.Output;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A server of NATS with JetStream, on a port of the loopback address that was free, with a store
/// in a folder of its own. It ends with this process, even if that is killed.
final class OwnServer implements AutoCloseable {

    private static final String PROGRAM = "nats-server";
    private static final String VARIABLE = "NATS_SERVER";
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final long LOOK_MILLIS = 20;
    private static final Pattern URL = Pattern.compile("\"(nats://[^\"]+)\"");

    /// Runs a server, and kills it at the end of standard input, which is the end of this process.
    private static final String UNTIL_THE_END_OF_INPUT = """
            exec 3<&0
            "$@" < /dev/null 3<&- &
            server=$!
            { read -r _ <&3; kill -KILL $server; } &
            reader=$!
            exec 3<&-
            wait $server
            code=$?
            kill -KILL $reader
            exit $code
            """;

    private final ChildProcess process;
    private final String url;

    private OwnServer(ChildProcess process, String url) {
        this.process = process;
        this.url = url;
    }

    /// The program: that of the variable `NATS_SERVER`, or the first on the PATH and in two usual
    /// folders.
    static Optional<Path> program() {
        String named = System.getenv(VARIABLE);
        if (named != null && !named.isEmpty()) {
            return Optional.of(Path.of(named)).filter(OwnServer::isProgram);
        }
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Stream
                .concat(Arrays.stream(path.split(File.pathSeparator, -1)),
                        Stream.of("/usr/sbin", "/usr/local/bin"))
                .map(folder -> Path.of(folder, PROGRAM)).filter(OwnServer::isProgram).findFirst();
    }

    private static boolean isProgram(Path file) {
        return Files.isRegularFile(file) && Files.isExecutable(file);
    }

    /// Starts it, and waits until it takes connections.
    ///
    /// @param folder for its store and its log
    /// @throws Disconnected if it does not start
    static OwnServer start(Path program, Path folder) throws InterruptedException {
        ChildProcess process = ChildJvm.ofCommand("sh", "-c", UNTIL_THE_END_OF_INPUT, "sh",
                program.toString(), "--addr", "127.0.0.1", "--port", "-1", "--jetstream",
                "--store_dir", folder.resolve("store").toString(), "--ports_file_dir",
                folder.toString(), "--log", folder.resolve("log").toString())
                .output(Output.capture()).errors(Output.capture()).start();
        boolean isStarted = false;
        try {
            OwnServer server = new OwnServer(process, awaitUrl(process, program, folder));
            isStarted = true;
            return server;
        } finally {
            if (!isStarted) {
                process.kill();
            }
        }
    }

    private static String awaitUrl(ChildProcess process, Path program, Path folder)
            throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() - end < 0 && process.isAlive()) {
            Optional<String> url = url(folder);
            if (url.isPresent()) {
                return url.get();
            }
            Thread.sleep(LOOK_MILLIS); // there is nothing else to wait on
        }
        String last = String.join(" ", process.report().errorLines());
        throw new Disconnected(("the server has not started: program=%s: %s: use nats-server 2.9"
                + " or newer").formatted(program, last.isEmpty() ? lastLine(folder) : last));
    }

    /// The address that the server has written into its file of ports.
    private static Optional<String> url(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(name -> name.toString().endsWith(".ports")).toList()) {
                Matcher found = URL.matcher(Files.readString(file));
                Optional<String> url = found.results().map(MatchResult::group).findFirst();
                if (url.isPresent()) {
                    return url.map(text -> text.replace("\"", ""));
                }
            }
            return Optional.empty();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static String lastLine(Path folder) {
        try (Stream<String> lines = Files.lines(folder.resolve("log"))) {
            return lines.reduce("", (_, line) -> line);
        } catch (IOException | UncheckedIOException _) {
            return "it has no log";
        }
    }

    String url() {
        return url;
    }

    @Override
    public void close() {
        process.kill();
    }
}
