package dev.ipcchannel.demo.parent;

import dev.ipcchannel.IpcException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/// The conversation of `--interactive`: each typed line is sent as a message, and the replies are
/// shown as they come.
///
/// A second thread reads and sends, because only the end of input ends a read. The calling thread
/// waits in `receive`, where it learns of everything else, also of the child's death.
final class TypedLines {

    private final Ends ends;
    private final Reporter reporter;
    private final Duration timeout;
    private final AtomicLong sent = new AtomicLong();
    private volatile boolean isQuitTyped; // written by the thread that reads

    TypedLines(Ends ends, Reporter reporter, Duration timeout) {
        this.ends = ends;
        this.reporter = reporter;
        this.timeout = timeout;
    }

    /// Returns when "quit" or the end of input is read and everything sent is answered.
    void run() throws InterruptedException {
        reporter.report(new Event.TypingAwaited());
        reporter.prompt();
        Thread receiving = Thread.currentThread();
        Thread.ofPlatform().daemon().name("typed-lines").start(() -> {
            sendLines();
            receiving.interrupt(); // which leaves the channel as it is
        });

        long received = 0;
        try {
            while (true) { // typing may take any time, so no timeout here
                reporter.report(new Event.Replied(ends.replies().receive()));
                received++;
                if (received == sent.get()) {
                    reporter.prompt();
                }
            }
        } catch (InterruptedException _) { // nothing more is typed
        } finally {
            if (!isQuitTyped) {
                reporter.leavePrompt();
            }
        }
        for (; received < sent.get(); received++) {
            reporter.report(new Event.Replied(ends.replies().receive(timeout)));
        }
    }

    private void sendLines() {
        if (isInputClosed()) {
            return;
        }
        try {
            // Not closed: a JVM needs its standard streams until its own end.
            BufferedReader lines = new BufferedReader(
                    new InputStreamReader(new TypedInput(System.in), StandardCharsets.UTF_8));
            String line = lines.readLine();
            while (line != null && !line.equals("quit")) {
                send(line);
                line = lines.readLine();
            }
            isQuitTyped = line != null;
        } catch (IOException _) { // without input there is nothing to send
        } catch (InterruptedException _) { // no thread interrupts this one
        } catch (IpcException _) { // the other thread gets it too, and reports it
        }
    }

    /// Whether the JVM was started without standard input: then the first file that it opens has
    /// that descriptor.
    private static boolean isInputClosed() {
        try {
            return Path.of("/proc/self/fd/0").toRealPath()
                    .startsWith(Path.of(System.getProperty("java.home")).toRealPath());
        } catch (IOException _) { // a pipe or a socket has no path
            return false;
        }
    }

    private void send(String line) throws InterruptedException {
        ends.requests().send(line, timeout);
        sent.incrementAndGet();
    }
}
