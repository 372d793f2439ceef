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
                begin(begun);
                await(until);
                yield "waited";
            }
            case Deed.Work(String begun, int millis) -> {
                begin(begun);
                Thread.sleep(millis); // work, which an interrupt ends
                yield begun;
            }
            case Deed.Race(String begun, String until) -> {
                String me = begin(begun);
                await(until + me);
                yield me;
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

    /// Writes the line that counts a begin.
    private static String begin(String file) throws IOException {
        String me = String.valueOf(ProcessHandle.current().pid());
        var _ = Files.writeString(Path.of(file), "begun by %s%n".formatted(me),
                StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        return me;
    }

    private static void await(String file) throws InterruptedException {
        while (!Files.exists(Path.of(file))) {
            Thread.sleep(LOOK_MILLIS); // work, which an interrupt ends
        }
    }
}
