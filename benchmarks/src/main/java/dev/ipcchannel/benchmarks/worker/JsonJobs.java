package dev.ipcchannel.benchmarks.worker;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// Lines of JSON to the standard input of children and from their standard output. Jobs go to them
/// in turn.
final class JsonJobs implements Jobs {

    private final List<JsonChild<JobMessage, Integer>> children = new ArrayList<>();
    private int next;

    JsonJobs(List<String> jvmOptions, int count) throws IOException {
        for (int child = 0; child < count; child++) {
            children.add(JsonChild.start(JsonWorker.class, jvmOptions, JsonJob::of,
                    JsonJob.Answer.class));
        }
    }

    @Override
    public int call(JobMessage message) {
        return send(message).join();
    }

    @Override
    public CompletableFuture<Integer> send(JobMessage message) {
        JsonChild<JobMessage, Integer> child = children.get(next);
        next = (next + 1) % children.size();
        return child.send(message);
    }

    @Override
    public List<Long> pids() {
        return children.stream().map(JsonChild::pid).toList();
    }

    @Override
    public void close() {
        children.forEach(JsonChild::close);
    }
}
