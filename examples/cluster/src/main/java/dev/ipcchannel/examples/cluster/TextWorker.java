package dev.ipcchannel.examples.cluster;

import dev.ipcchannel.IpcException;
import dev.ipcchannel.examples.words.TextWords;
import dev.ipcchannel.worker.Worker;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;

/// A worker that counts the words of one text after another. All its jobs can be done twice, so its
/// node may be killed at any moment.
final class TextWorker {

    private TextWorker() {}

    /// Runs the program. Started by a node, not by hand.
    ///
    /// @param args how many milliseconds each text takes besides; none if it is missing
    public static void main(String[] args) throws InterruptedException {
        long pause = args.length == 0 ? 0 : Long.parseLong(args[0]);
        long node = ProcessHandle.current().parent().map(ProcessHandle::pid).orElse(0L);
        String host = host();
        try {
            Worker.serve(CountText.class, TextCount.class, (job, _) -> {
                Thread.sleep(pause); // in the place of work that takes a while
                return new TextCount(host, node, words(job.text()));
            });
        } catch (IllegalStateException | IpcException failure) {
            System.err.println("text-worker: " + failure.getMessage());
            System.exit(1);
        }
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException _) {
            return "unknown";
        }
    }

    private static Map<String, Integer> words(String text) throws IOException {
        try (BufferedReader lines = new BufferedReader(new StringReader(text))) {
            return TextWords.of(lines);
        }
    }
}
