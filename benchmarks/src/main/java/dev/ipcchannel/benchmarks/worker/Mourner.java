package dev.ipcchannel.benchmarks.worker;

import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.Disconnected;
import dev.ipcchannel.WaitStrategy;
import java.io.IOException;
import java.nio.file.Path;

/// The main class of a JVM whose children are killed: it measures how long it takes to notice each
/// death.
///
/// All children are started first; then one after the other gets a SIGKILL while a thread waits for
/// it.
public final class Mourner {

    private static final long ASLEEP_MILLIS = 30; // by then a thread that may sleep does

    private Mourner() {}

    private record Child(Process process, BytesLink link) {}

    /// Starts children, kills each and prints a line for it.
    ///
    /// @param arguments what waits (`receive` or `send`), the wait strategy, and how many children
    public static void main(String[] arguments) throws Exception {
        boolean isReceiving = arguments[0].equals("receive");
        for (int i = 0; i < Integer.parseInt(arguments[2]); i++) {
            // One after the other: those that spin would keep the processors from the rest.
            Child child = start(WaitStrategy.valueOf(arguments[1]));
            child.link().open();
            child.link().exchange(0);
            System.out.println("nanos " + bury(child, isReceiving));
            child.link().close();
        }
        System.out.println("done");
    }

    private static Child start(WaitStrategy waitStrategy) throws IOException {
        BytesLink link =
                new BytesLink(ChannelOptions.defaults().withWaitStrategy(waitStrategy), "");
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
                Doomed.class.getName(), waitStrategy.name(), link.address());
        return new Child(builder.redirectError(ProcessBuilder.Redirect.INHERIT).start(), link);
    }

    private static long bury(Child child, boolean isReceiving) throws InterruptedException {
        Waiting waiting = new Waiting(child.link(), isReceiving);
        Thread thread = Thread.ofPlatform().daemon().start(waiting);
        Thread.sleep(ASLEEP_MILLIS);
        long start = System.nanoTime();
        child.process().destroyForcibly();
        thread.join();
        return waiting.heard - start;
    }

    /// Waits for a message, or for room in a full ring, until the other side is gone.
    private static final class Waiting implements Runnable {

        private final BytesLink link;
        private final boolean isReceiving;
        private volatile long heard;

        Waiting(BytesLink link, boolean isReceiving) {
            this.link = link;
            this.isReceiving = isReceiving;
        }

        @Override
        public void run() {
            try {
                while (true) {
                    if (isReceiving) {
                        link.receiver().receive();
                    } else {
                        link.send(0);
                    }
                }
            } catch (Disconnected gone) {
                heard = System.nanoTime();
            } catch (InterruptedException impossible) {
                throw new AssertionError("no thread interrupts this one", impossible);
            }
        }
    }
}
