package dev.ipcchannel.testing.children;

import dev.ipcchannel.IpcException;
import dev.ipcchannel.Link;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.child.ChildJvm;
import dev.ipcchannel.child.ChildProcess;
import dev.ipcchannel.transport.Transport;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// A parent with one descriptor left when its child connects from the same process and takes that.
/// It prints the failure, frees descriptors, and prints what it receives then.
public final class UnixPoorChild {

    private static final TypeToken<String> STRING = TypeToken.of(String.class);

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private UnixPoorChild() {}

    public static void main(String[] arguments)
            throws ClassNotFoundException, ExecutionException, IOException, InterruptedException {
        Talker.loadLibrary();
        converse(Integer.MAX_VALUE); // loads what else there is
        converse(1);
    }

    private static void converse(int room)
            throws ExecutionException, IOException, InterruptedException {
        try (ChildProcess child = ChildJvm.ofCommand("cat").start();
                Transport.Listener<String, String> listener =
                        Transport.unix().listen(STRING, STRING)) {
            Deque<FileInputStream> files = room == Integer.MAX_VALUE ? new ArrayDeque<>()
                    : fillUp(room);
            FutureTask<Link<String, String>> connect = new FutureTask<>(
                    () -> Transport.unix().connect(listener.address(), STRING, STRING));
            Thread.ofVirtual().start(connect);
            Link<String, String> link;
            try {
                link = listener.accept(child.awaited(), PATIENCE);
            } catch (IpcException failure) {
                System.out
                        .println(failure.getClass().getSimpleName() + ": " + failure.getMessage());
                for (FileInputStream file : files) {
                    file.close();
                }
                link = listener.accept(child.awaited(), PATIENCE);
            }
            try (Link<String, String> parent = link; Link<String, String> other = connect.get()) {
                other.send("hello");
                System.out.println(parent.receive());
            }
            child.kill();
        }
    }

    private static Deque<FileInputStream> fillUp(int room) throws IOException {
        Deque<FileInputStream> files = new ArrayDeque<>();
        try {
            while (true) {
                files.add(new FileInputStream("/dev/null"));
            }
        } catch (FileNotFoundException _) { // EMFILE
            for (int i = 0; i < room; i++) {
                files.remove().close();
            }
            return files;
        }
    }
}
