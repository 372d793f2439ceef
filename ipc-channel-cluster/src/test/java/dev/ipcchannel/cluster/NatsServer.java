package dev.ipcchannel.cluster;

import io.nats.client.Connection;
import io.nats.client.ErrorListener;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A server of NATS with JetStream on a port and with a store of its own, for tests.
final class NatsServer implements AutoCloseable {

    private static final List<String> PLACES = List.of("/usr/sbin", "/usr/local/bin");
    private static final long PATIENCE_SECONDS = 30;
    private static final int LOOK_MILLIS = 20;

    private final Path folder;
    private final int port;
    private final List<String> more;
    private @Nullable Process process;

    private NatsServer(Path folder, int port, List<String> more) {
        this.folder = folder;
        this.port = port;
        this.more = more;
    }

    /// Starts one.
    ///
    /// @param folder of its own, for its store and its log
    /// @param more arguments
    static NatsServer start(Path folder, String... more) throws IOException, InterruptedException {
        NatsServer server = new NatsServer(folder, freePort(), List.of(more));
        server.startAgain();
        return server;
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            return socket.getLocalPort();
        }
    }

    private static Path program() {
        String named = System.getenv("NATS_SERVER");
        Stream<Path> places = named != null ? Stream.of(Path.of(named))
                : Stream.concat(Stream.of(System.getenv("PATH").split(":", -1)), PLACES.stream())
                        .map(place -> Path.of(place, "nats-server"));
        return places.filter(Files::isExecutable).findFirst().orElseThrow(
                () -> new IllegalStateException("these tests need nats-server: apt-get install"
                        + " nats-server, or name it by NATS_SERVER"));
    }

    String url() {
        return "nats://127.0.0.1:" + port;
    }

    int port() {
        return port;
    }

    /// A question to a server about its streams.
    interface Question<T> {

        T of(JetStreamManagement management) throws IOException, JetStreamApiException;
    }

    /// Asks one of some servers, by a connection of its own.
    static <T> T ask(String url, Question<T> question)
            throws IOException, InterruptedException, JetStreamApiException {
        Connection connection = connect(url);
        try {
            return question.of(connection.jetStreamManagement());
        } finally {
            connection.close();
        }
    }

    private static Connection connect(String url) throws IOException, InterruptedException {
        return Nats.connect(new Options.Builder().servers(url.split(",", -1))
                .errorListener(new ErrorListener() {}).build());
    }

    /// Puts a message into a stream, with no id.
    static void publish(String url, String subject, byte[] data)
            throws IOException, InterruptedException, JetStreamApiException {
        Connection connection = connect(url);
        try {
            var _ = connection.jetStream().publish(subject, data);
        } finally {
            connection.close();
        }
    }

    /// Starts it on the same port with the same store, and waits until it answers.
    void startAgain() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(program().toString(), "--addr", "127.0.0.1",
                "--port", String.valueOf(port), "--jetstream", "--store_dir",
                folder.resolve("store").toString(), "--log", folder.resolve("log").toString()));
        command.addAll(more);
        Process started = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        process = started;
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!answers()) {
            if (!started.isAlive() || System.nanoTime() - end > 0) {
                throw new IllegalStateException("the server does not answer: "
                        + Files.readString(folder.resolve("log")));
            }
            Thread.sleep(LOOK_MILLIS);
        }
    }

    private boolean answers() {
        try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    /// Ends it at once, as `kill -9` does.
    void kill() {
        Process running = process;
        if (running != null) {
            running.destroyForcibly();
            var _ = running.onExit().join();
        }
    }

    @Override
    public void close() {
        kill();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                boolean _ = Files.deleteIfExists(file);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
