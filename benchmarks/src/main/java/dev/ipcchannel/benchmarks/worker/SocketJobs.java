package dev.ipcchannel.benchmarks.worker;

import dev.ipcchannel.Codec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// The JDK's Unix socket to a child that adds: the bytes that the codec makes of a job there, and
/// those of its answer back, each read by the thread that waits for it.
final class SocketJobs implements Jobs {

    private static final long GRACE_SECONDS = 3;

    private final Codec<JobMessage> jobs = Codec.of(JobMessage.class);
    private final Codec<Integer> answers = Codec.of(Integer.class);
    private final Process child;
    private final SocketFrames frames;

    SocketJobs(List<String> jvmOptions) throws IOException {
        Path folder = Files.createTempDirectory("ipc-channel-bench");
        Path path = folder.resolve("socket");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(path));
            child = start(jvmOptions, path);
            frames = new SocketFrames(server.accept());
        } finally {
            Files.deleteIfExists(path);
            Files.delete(folder);
        }
    }

    private static Process start(List<String> jvmOptions, Path path) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions);
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp",
                System.getProperty("java.class.path"), SocketWorker.class.getName(),
                path.toString()));
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    @Override
    public int call(JobMessage message) {
        try {
            frames.write(jobs.toBytes(message));
            return answers.fromBytes(frames.read());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public CompletableFuture<Integer> send(JobMessage message) {
        return CompletableFuture.completedFuture(call(message));
    }

    @Override
    public List<Long> pids() {
        return List.of(child.pid());
    }

    @Override
    public void close() throws IOException {
        frames.close();
        try {
            if (!child.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) {
                child.destroyForcibly();
            }
        } catch (InterruptedException _) {
            child.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
