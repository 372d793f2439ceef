package dev.ipcchannel.testing.children;

import dev.ipcchannel.Channel;
import dev.ipcchannel.OneShotServer;
import dev.ipcchannel.select.ReceiverSet;
import dev.ipcchannel.select.Router;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;

/// A child that exits while daemon threads wait, one in each way of waiting. At its end it checks
/// that none of them is inside the kernel, and prints that for each.
public final class LeavingChild {

    /// The threads that wait.
    public static final List<String> THREADS = List.of("ipc-channel router",
            "ipc-channel watcher", "selects", "receives", "sends", "accepts");

    private static final Duration LONG = Duration.ofMinutes(10);

    private LeavingChild() {}

    public static void main(String[] arguments) throws Exception {
        Channel<String> routed = Channel.create(String.class);
        Router.open().route(routed.receiver(), _ -> {});
        Channel<String> selected = Channel.create(String.class);
        ReceiverSet<String> set = ReceiverSet.open();
        set.add(selected.receiver());
        start("selects", set::select);
        Channel<String> received = Channel.create(String.class);
        start("receives", received.receiver()::receive);
        Channel<byte[]> full = Channel.create(byte[].class);
        start("sends", () -> {
            while (true) {
                full.sender().send(new byte[1000]);
            }
        });
        start("accepts", () -> {
            try (OneShotServer<String> server = OneShotServer.open(String.class)) {
                return server.accept(LONG);
            }
        });
        Runtime.getRuntime().addShutdownHook(new Thread(() -> THREADS.forEach(name -> {
            // In the kernel a thread counts as one that runs, for as long as it sleeps there.
            awaitState(name, true);
            System.out.println(name);
        })));
        THREADS.forEach(name -> awaitState(name, false));
        if (arguments.length > 0) {
            System.exit(Integer.parseInt(arguments[0]));
        }
        Runtime.getRuntime().addShutdownHook(keeping(routed, selected, received, full));
    }

    private static void start(String name, Callable<?> call) {
        Thread.ofPlatform().daemon().name(name).start(() -> {
            try {
                call.call();
            } catch (Exception failure) {
                throw new AssertionError(failure);
            }
        });
    }

    /// A thread that keeps the ends reachable until the JVM's exit.
    private static Thread keeping(Channel<?>... channels) {
        return new Thread(() -> List.of(channels).forEach(Channel::sender));
    }

    private static void awaitState(String name, boolean isParked) {
        while (Thread.getAllStackTraces().entrySet().stream()
                .noneMatch(entry -> entry.getKey().getName().equals(name)
                        && isSo(entry.getKey(), entry.getValue(), isParked))) {
            Thread.onSpinWait();
        }
    }

    private static boolean isSo(Thread thread, StackTraceElement[] trace, boolean isParked) {
        return isParked
                ? thread.getState() == Thread.State.TIMED_WAITING
                : trace.length > 0 && List.of(trace).stream().anyMatch(
                        frame -> frame.getMethodName().equals("poll")
                                || frame.getMethodName().equals("await"));
    }
}
