package dev.ipcchannel.cluster;

import dev.ipcchannel.worker.JobContext;
import dev.ipcchannel.worker.Worker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/// A worker that does [Deed]s.
final class DeedWorker {

    private static final int LOOK_MILLIS = 5;

    private DeedWorker() {}

    /// Does deeds until its node wants no more.
    ///
    /// @param arguments none
    public static void main(String[] arguments) throws InterruptedException {
        Worker.serve(Deed.class, String.class, DeedWorker::done);
    }

    private static String done(Deed deed, JobContext<String> job)
            throws IOException, InterruptedException {
        return switch (deed) {
            case Deed.Shout(String text) -> text.toUpperCase(Locale.ROOT);
            case Deed.Fail(String message) -> throw new IllegalStateException(message);
            case Deed.Die(int code) -> {
                Runtime.getRuntime().halt(code);
                yield "";
            }
            case Deed.Wait(String begun, String until) -> {
                Files.writeString(Path.of(begun), "begun by %d%n"
                        .formatted(ProcessHandle.current().pid()), StandardOpenOption.CREATE,
                        StandardOpenOption.APPEND);
                while (!Files.exists(Path.of(until))) {
                    Thread.sleep(LOOK_MILLIS); // work, which an interrupt ends
                }
                yield "waited";
            }
            case Deed.Count(int parts) -> {
                for (int part = 0; part < parts; part++) {
                    job.progress(part + 1L, parts, "counted");
                    job.part("part " + part);
                }
                yield "counted";
            }
            case Deed.Context _ -> job.headers().toString();
        };
    }
}
