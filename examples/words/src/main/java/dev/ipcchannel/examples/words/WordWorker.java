package dev.ipcchannel.examples.words;

import dev.ipcchannel.IpcException;
import dev.ipcchannel.worker.Worker;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A worker that counts the words of one file after another. All its jobs can be done twice, so it
/// may be killed at any moment.
final class WordWorker {

    private static final List<byte[]> LEAKED = new ArrayList<>(); // kept for nothing

    private WordWorker() {}

    /// Runs the program. Started by the host, not by hand.
    ///
    /// @param args how many bytes leak with each file; none do if it is missing
    public static void main(String[] args) throws InterruptedException {
        int leak = args.length == 0 ? 0 : Integer.parseInt(args[0]);
        try {
            Worker.serve(CountWords.class, FileCount.class, job -> {
                if (leak > 0) {
                    LEAKED.add(new byte[leak]);
                }
                return count(Path.of(job.file()));
            });
        } catch (IllegalStateException | IpcException failure) {
            System.err.println("word-worker: " + failure.getMessage());
            System.exit(1);
        }
    }

    private static FileCount count(Path file) {
        // Bytes that are not UTF-8 are not letters either: they end a word.
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8))) {
            return new FileCount.Counted(TextWords.of(lines));
        } catch (NoSuchFileException _) {
            return new FileCount.Unreadable("there is no such file");
        } catch (AccessDeniedException _) {
            return new FileCount.Unreadable("this user may not read it");
        } catch (IOException failure) {
            return new FileCount.Unreadable(String.valueOf(failure.getMessage()));
        }
    }
}
