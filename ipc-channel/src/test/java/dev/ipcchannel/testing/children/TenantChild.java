package dev.ipcchannel.testing.children;

import dev.ipcchannel.testing.Tenants;
import dev.ipcchannel.worker.Job;
import dev.ipcchannel.worker.JobContext;
import dev.ipcchannel.worker.JobHandler;
import dev.ipcchannel.worker.Worker;
import java.nio.file.Files;
import java.nio.file.Path;

/// A worker whose jobs have a context. Its argument says how it takes them: `serve`, within the
/// context; `read`, with the headers alone; or `receive`.
public final class TenantChild {

    private TenantChild() {}

    public static void main(String[] arguments) throws Exception {
        switch (arguments[0]) {
            case "serve" -> Worker.serve(String.class, String.class,
                    JobHandler.within(new Tenants(), (text, job) -> answer(text, job)));
            case "read" -> Worker.serve(String.class, String.class,
                    (text, job) -> text + " " + job.headers());
            default -> receive();
        }
    }

    private static void receive() throws InterruptedException {
        try (Worker<String, String> worker = Worker.connect(String.class, String.class)) {
            for (var job = worker.receive(); job != null; job = worker.receive()) {
                if (job instanceof Job.Bidirectional<String, String> asked) {
                    asked.reply().send(asked.data() + " " + asked.reply().headers());
                }
            }
        }
    }

    /// A text that begins with `die` is a file: the first worker that gets it makes the file and
    /// ends. One that begins with `touch` is a file that gets the answer as its content.
    private static String answer(String text, JobContext<String> job) throws Exception {
        String answer = text + " of " + Tenants.current();
        if (text.startsWith("die ")) {
            Path file = Path.of(text.substring("die ".length()));
            if (Files.notExists(file)) {
                Files.writeString(file, Tenants.current());
                Runtime.getRuntime().halt(3);
            }
            return "tried again of " + Tenants.current();
        }
        if (text.startsWith("touch ")) {
            Path file = Path.of(text.substring("touch ".length()));
            Path made = Files.writeString(Path.of(file + ".new"), Tenants.current());
            Path _ = Files.move(made, file);
        }
        if (text.startsWith("parts ")) {
            job.progress(1, 1, Tenants.current());
        }
        return answer;
    }
}
