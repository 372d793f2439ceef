package dev.ipcchannel.cluster;

import dev.ipcchannel.TypeToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// A program that gives jobs to the set `deeds`, to be killed by tests. Job number `n` has the file
/// `job<n>` for its begins; all wait for the file `until`; ends are lines of the file `ends`.
final class AskerProgram {

    private AskerProgram() {}

    /// Gives some jobs, and waits for their ends.
    ///
    /// @param arguments a URL, settings, the number of jobs, the folder of their files, and a file
    /// that is written when all are on their way
    public static void main(String[] arguments) throws InterruptedException, IOException {
        Path folder = Path.of(arguments[3]);
        try (ClusterWorkers<Deed, String> workers = ClusterWorkers.connect(
                TestSettings.parse(arguments[1]).options(arguments[0]), "deeds",
                TypeToken.of(Deed.class), TypeToken.of(String.class))) {
            List<CompletableFuture<?>> jobs = new ArrayList<>();
            for (int i = 0; i < Integer.parseInt(arguments[2]); i++) {
                String name = "job" + i;
                jobs.add(workers.send(new Deed.Wait(folder.resolve(name).toString(),
                        folder.resolve("until").toString()))
                        .handle((answer, failure) -> note(folder.resolve("ends"),
                                "%s %s".formatted(name, failure == null ? answer : failure))));
            }
            Program.ready(arguments[4], "sent");
            CompletableFuture.allOf(jobs.toArray(CompletableFuture[]::new)).join();
        }
    }

    private static Path note(Path file, String line) {
        try {
            return Files.writeString(file, line.replace('\n', ' ') + "\n",
                    StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// Starts one, and waits until its jobs are on their way.
    static Program start(String url, TestSettings settings, int jobs, Path folder)
            throws IOException, InterruptedException {
        return Program.start(AskerProgram.class, folder, List.of(url, settings.argument(),
                String.valueOf(jobs), folder.toString()));
    }
}
