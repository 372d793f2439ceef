package dev.ipcchannel.testing.children;

import dev.ipcchannel.Channel;
import dev.ipcchannel.IpcException;
import dev.ipcchannel.OneShotServer;
import dev.ipcchannel.testing.FullHeap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/// A child that makes senders of each kind while the heap has no room for one object of each, and
/// prints the failures and how many descriptors are left open.
public final class LackingChild {

    private static final String SHARE = "dev.ipcchannel.internal.send.Share";
    private static final String ENCODER = "dev.ipcchannel.Encoder";
    private static final String CLOSER = "dev.ipcchannel.EndCloser";

    private LackingChild() {}

    public static void main(String[] arguments) throws Exception {
        for (String lacking : new String[]{SHARE, ENCODER, CLOSER}) {
            Class<?> uses = new FullHeap(lacking).loadClass(Uses.class.getName());
            uses.getMethod("run", String.class).invoke(null,
                    lacking.substring(lacking.lastIndexOf('.') + 1));
        }
        System.exit(0);
    }

    /// The code that meets the full heap: the library's classes in it are those of [FullHeap].
    public static final class Uses {

        private Uses() {}

        /// Makes one of each kind.
        public static void run(String lacking) throws Exception {
            make("channel, no " + lacking, () -> Channel.create(String.class));
            try (Channel<String> channel = Channel.create(String.class)) {
                make("exclusive, no " + lacking, () -> channel.sender().exclusive());
            }
            try (OneShotServer<String> server = OneShotServer.open(String.class)) {
                make("client, no " + lacking,
                        () -> OneShotServer.connect(server.name(), String.class));
            }
        }

        private static void make(String name, Callable<AutoCloseable> what) throws Exception {
            what.call().close(); // the classes are there
            long before = descriptors();
            FullHeap.isFull = true;
            String result;
            try (AutoCloseable _ = what.call()) {
                result = "made";
            } catch (IpcException | OutOfMemoryError failure) {
                result = failure.getClass().getSimpleName();
            } finally {
                FullHeap.isFull = false;
            }
            System.out.println(name + ": " + result + ", left="
                    + (descriptors() - before));
        }

        private static long descriptors() throws IOException {
            try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
                return all.count();
            }
        }
    }
}
