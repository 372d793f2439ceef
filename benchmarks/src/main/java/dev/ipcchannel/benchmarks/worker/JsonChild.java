package dev.ipcchannel.benchmarks.worker;

import com.google.gson.Gson;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A [JsonWorker], with a thread that writes to it and one that reads from it.
final class JsonChild implements AutoCloseable {

    private static final long GRACE_SECONDS = 3;

    /// A job that is not answered.
    ///
    /// @param message null to end the child
    private record Asked(@Nullable JobMessage message, CompletableFuture<Integer> answer) {}

    private final Process process;
    private final Gson gson = new Gson();
    private final BlockingQueue<Asked> waiting = new LinkedBlockingQueue<>();
    private final Queue<Asked> open = new ConcurrentLinkedQueue<>(); // answers come in this order

    private JsonChild(Process process) {
        this.process = process;
    }

    static JsonChild start(List<String> jvmOptions) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions);
        command.addAll(
                List.of("-cp", System.getProperty("java.class.path"), JsonWorker.class.getName()));
        JsonChild child = new JsonChild(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT).start());
        Thread _ = Thread.ofPlatform().daemon().start(child::write);
        Thread _ = Thread.ofPlatform().daemon().start(child::read);
        return child;
    }

    /// Gives it a job, however many it has. By any thread.
    CompletableFuture<Integer> send(JobMessage message) {
        CompletableFuture<Integer> answer = new CompletableFuture<>();
        waiting.add(new Asked(message, answer));
        return answer;
    }

    long pid() {
        return process.pid();
    }

    private void write() {
        long id = 0;
        try (BufferedWriter out = process.outputWriter(StandardCharsets.UTF_8)) {
            for (Asked asked = next(out); asked.message() != null; asked = next(out)) {
                open.add(asked);
                gson.toJson(JsonJob.of(id++, asked.message()), out);
                out.write('\n');
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException impossible) {
            throw new AssertionError("nobody interrupts this thread", impossible);
        }
    }

    /// Many jobs go in one write, while there are some.
    private Asked next(BufferedWriter out) throws IOException, InterruptedException {
        Asked next = waiting.poll();
        if (next != null) {
            return next;
        }
        out.flush();
        return waiting.take();
    }

    private void read() {
        long expected = 0;
        try (BufferedReader in = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                JsonJob.Answer answer = gson.fromJson(line, JsonJob.Answer.class);
                if (answer.id() != expected) {
                    throw new IllegalStateException(
                            "an answer is to another job: id=%d, expected=%d"
                                    .formatted(answer.id(), expected));
                }
                expected++;
                boolean _ = open.remove().answer().complete(answer.value());
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } finally {
            open.forEach(asked -> asked.answer()
                    .completeExceptionally(new IllegalStateException("the child has ended")));
        }
    }

    @Override
    public void close() {
        waiting.add(new Asked(null, new CompletableFuture<>()));
        try {
            if (!process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException _) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
