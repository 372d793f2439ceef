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

/// A child that answers lines of JSON by lines of JSON, with a thread that writes to it and one
/// that reads from it.
///
/// @param <J> the type of a job
/// @param <A> the type of its answer
final class JsonChild<J, A> implements AutoCloseable {

    private static final long GRACE_SECONDS = 3;

    /// An answer, as a line of JSON.
    interface Answer<A> {

        /// The id of the job that it answers.
        long id();

        /// The value of the answer.
        A value();
    }

    /// Maker of an object for a line of JSON, from a job and its number.
    interface Lines<J> {

        /// Makes it.
        Object line(long id, J job);
    }

    /// A job that is not answered.
    ///
    /// @param job null to end the child
    private record Asked<J, A>(@Nullable J job, CompletableFuture<A> answer) {}

    private final Process process;
    private final Gson gson = new Gson();
    private final Lines<J> lines;
    private final Class<? extends Answer<A>> answers;
    private final BlockingQueue<Asked<J, A>> waiting = new LinkedBlockingQueue<>();
    // Answers come in this order.
    private final Queue<Asked<J, A>> open = new ConcurrentLinkedQueue<>();

    private JsonChild(Process process, Lines<J> lines, Class<? extends Answer<A>> answers) {
        this.process = process;
        this.lines = lines;
        this.answers = answers;
    }

    static <J, A> JsonChild<J, A> start(Class<?> main, List<String> jvmOptions, Lines<J> lines,
            Class<? extends Answer<A>> answers) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions);
        command.addAll(
                List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        JsonChild<J, A> child = new JsonChild<>(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT).start(), lines, answers);
        Thread _ = Thread.ofPlatform().daemon().start(child::write);
        Thread _ = Thread.ofPlatform().daemon().start(child::read);
        return child;
    }

    /// Gives it a job, however many it has. By any thread.
    CompletableFuture<A> send(J job) {
        CompletableFuture<A> answer = new CompletableFuture<>();
        waiting.add(new Asked<>(job, answer));
        return answer;
    }

    long pid() {
        return process.pid();
    }

    private void write() {
        long id = 0;
        try (BufferedWriter out = process.outputWriter(StandardCharsets.UTF_8)) {
            Asked<J, A> asked = next(out);
            for (J job = asked.job(); job != null; job = asked.job()) {
                open.add(asked);
                gson.toJson(lines.line(id++, job), out);
                out.write('\n');
                asked = next(out);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException impossible) {
            throw new AssertionError("no thread interrupts this one", impossible);
        }
    }

    /// Many jobs go in one write, while there are some.
    private Asked<J, A> next(BufferedWriter out) throws IOException, InterruptedException {
        Asked<J, A> next = waiting.poll();
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
                Answer<A> answer = gson.fromJson(line, answers);
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
        waiting.add(new Asked<>(null, new CompletableFuture<>()));
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
