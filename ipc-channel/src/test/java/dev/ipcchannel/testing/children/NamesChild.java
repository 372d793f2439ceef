package dev.ipcchannel.testing.children;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.meet.NameFolder;
import dev.ipcchannel.internal.meet.NameKind;
import dev.ipcchannel.internal.meet.NameLock;
import dev.ipcchannel.internal.meet.RuntimeDirectory;
import dev.ipcchannel.internal.wait.Waiter;
import dev.ipcchannel.named.ChannelType;
import dev.ipcchannel.named.ConnMode;
import dev.ipcchannel.named.Heartbeat;
import dev.ipcchannel.named.IpcChannel;
import dev.ipcchannel.named.NamedCaller;
import dev.ipcchannel.named.NamedChannel;
import dev.ipcchannel.named.NamedDirectory;
import dev.ipcchannel.named.NamedReceiver;
import dev.ipcchannel.named.NamedSender;
import dev.ipcchannel.testing.Orders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/// A process that opens names by orders on its standard input, a line each, which it answers with a
/// line each.
public final class NamesChild {

    private static final Duration PATIENCE = Duration.ofSeconds(45);
    private static final Duration BEAT = Duration.ofMillis(20);
    private static final int POOLED_WAITERS = 16; // more than it has threads that wait at once

    private final List<AutoCloseable> open = new ArrayList<>();
    private final List<NamedChannel<String>> channels = new ArrayList<>();

    private NamesChild() {}

    /// Prints that it is up, then runs orders.
    public static void main(String[] arguments) throws Exception {
        NamesChild child = new NamesChild();
        Orders.take(child::run);
    }

    private String run(String[] order) throws Exception {
        String name = order.length > 1 ? order[1] : "";
        int count = order.length > 2 ? Integer.parseInt(order[2]) : 0;
        return switch (order[0]) {
            case "sender" -> kept(NamedSender.open(name, String.class));
            case "receiver" -> kept(NamedReceiver.open(name, String.class));
            case "caller" -> kept(NamedCaller.open(name, String.class, String.class));
            case "broadcast" -> kept(IpcChannel.open(ChannelType.CHANNEL, name, ConnMode.RECEIVER));
            case "beating" -> beating(name);
            case "newer" -> kept(NamedReceiver.open(name, NewerChild.Order.class));
            case "numbers" -> kept(NamedReceiver.open(name, Integer.class));
            case "channels" -> channels(name, count);
            case "meet" -> meet(count);
            case "storm" -> storm(name, count);
            case "list" -> NamedDirectory.list().toString();
            case "hold" -> hold(name);
            case "close" -> close();
            case "exit" -> {
                System.exit(0);
                yield "";
            }
            default -> throw new IllegalArgumentException(order[0]);
        };
    }

    private String beating(String name) throws InterruptedException {
        NamedReceiver<String> receiver = NamedReceiver.open(name, String.class);
        Heartbeat _ = receiver.startHeartbeat(BEAT);
        return kept(receiver);
    }

    private String kept(AutoCloseable end) {
        boolean _ = open.add(end);
        return "opened";
    }

    /// Opens many at once.
    private String channels(String name, int count) throws Exception {
        List<Callable<NamedChannel<String>>> openers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            openers.add(() -> NamedChannel.open(name, String.class));
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(count)) {
            for (Future<NamedChannel<String>> opened : threads.invokeAll(openers)) {
                channels.add(opened.get());
            }
        }
        open.addAll(channels);
        return "opened";
    }

    private String meet(int count) throws Exception {
        for (NamedChannel<String> channel : channels) {
            channel.sender().waitForReceivers(count, PATIENCE);
        }
        return "met";
    }

    /// Opens and closes a name again and again, and returns the resources before and after that.
    private static String storm(String name, int rounds) throws Exception {
        List<Waiter> waiters = Stream.generate(Waiter::borrow).limit(POOLED_WAITERS).toList();
        waiters.forEach(Waiter::giveBack);
        for (int i = 0; i < 50; i++) { // then a JVM has its lasting resources
            openOnce(name);
        }
        Holdings before = Holdings.now();
        for (int i = 0; i < rounds; i++) {
            openOnce(name);
        }
        long end = System.nanoTime() + PATIENCE.toNanos();
        Holdings after = Holdings.now();
        while (!after.isLike(before) && System.nanoTime() < end) {
            after = Holdings.now(); // the closer may be busy
        }
        return after.isLike(before) ? "as before" : before + " -> " + after;
    }

    private static void openOnce(String name) throws InterruptedException {
        try (NamedChannel<String> channel = NamedChannel.open(name, String.class)) {
            channel.sender().send("word");
            if (!channel.receiver().receive(PATIENCE).equals("word")
                    || channel.receiver().tryReceive() != null) {
                throw new IllegalStateException("another message has come: name=" + name);
            }
        }
    }

    /// The numbers of the library's resources in this process.
    private record Holdings(long descriptors, long maps, long threads) {

        static Holdings now() throws IOException {
            try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"));
                    Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
                return new Holdings(descriptors.count(),
                        maps.filter(line -> line.contains("/memfd:ipc-channel")).count(),
                        Thread.getAllStackTraces().keySet().stream().filter(
                                thread -> thread.getName().startsWith("ipc-channel")).count());
            }
        }

        boolean isLike(Holdings before) {
            return descriptors <= before.descriptors && maps <= before.maps
                    && threads <= before.threads;
        }
    }

    @SuppressWarnings("resource") // held until this process ends
    private String hold(String name) throws Exception {
        NameLock held = NameFolder.of(RuntimeDirectory.find(), NameKind.CHANNEL, name)
                .lock(Deadline.NEVER);
        return kept(held).replace("opened", "held");
    }

    private String close() throws Exception {
        for (AutoCloseable end : open) {
            end.close();
        }
        open.clear();
        channels.clear();
        return "closed";
    }
}
