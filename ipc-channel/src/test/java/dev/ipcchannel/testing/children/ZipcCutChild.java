package dev.ipcchannel.testing.children;

import dev.ipcchannel.zipc.Zipc;
import dev.ipcchannel.zipc.ZipcEnd;
import dev.ipcchannel.zipc.ZipcMessage;
import dev.ipcchannel.zipc.ZipcReceiver;
import dev.ipcchannel.zipc.ZipcSender;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A process that truncates the file of its queue while one thread sends and another receives,
/// again and again, and prints the failure of each.
public final class ZipcCutChild {

    private static final int SLOTS = 64;
    private static final int LENGTH = 4000;
    private static final int ROUNDS = 400;
    private static final int MOST_NANOS = 3_000_000; // from the start of the two to the cut
    private static final int PAGE = 4096;
    private static final Duration MOMENT = Duration.ofMillis(5);
    private static final int MANY_MOMENTS = 50;

    private final String name;
    private final byte[] message = new byte[LENGTH];
    private final byte[] target = new byte[LENGTH];

    private ZipcCutChild(String name) {
        this.name = name;
    }

    /// Prints a line for each end in each round: the class of its failure.
    ///
    /// @param arguments the name of the queue, and the verb of the receiver
    public static void main(String[] arguments) throws Exception {
        ZipcCutChild child = new ZipcCutChild(arguments[0]);
        long seed = new Random().nextLong();
        System.out.println("seed=" + seed);
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            child.run(arguments[1], random);
        }
    }

    private void run(String verb, Random random) throws Exception {
        Zipc.unlink(name);
        try (ZipcSender sender = ZipcSender.open(name, SLOTS, LENGTH);
                ZipcReceiver receiver = ZipcReceiver.open(name, SLOTS, LENGTH)) {
            CompletableFuture<String> sends = failure(() -> sender.send(message));
            CompletableFuture<String> receives = failure(receiving(verb, receiver));
            long start = System.nanoTime();
            long nanos = random.nextInt(MOST_NANOS);
            while (System.nanoTime() - start < nanos) {
                Thread.onSpinWait(); // to meet the two at any place
            }
            // The words as well, or only the slots if these are read.
            cut(verb.equals("look") || random.nextBoolean() ? 0 : PAGE);
            System.out.println(outcome(sends, sender));
            System.out.println(outcome(receives, receiver));
        }
    }

    /// On the remaining page an end may see just a full or an empty queue, and go on until it is
    /// closed.
    private static String outcome(CompletableFuture<String> failure, ZipcEnd end)
            throws Exception {
        try {
            return failure.get(MANY_MOMENTS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
            end.close();
            return failure.get();
        }
    }

    private Callable<?> receiving(String verb, ZipcReceiver receiver) {
        return switch (verb) {
            case "look" -> receiver::receive;
            case "bytes" -> () -> {
                ZipcMessage found = receiver.receive(MOMENT);
                return found == null ? message : found.bytes();
            };
            case "copy" -> () -> receiver.receive(target);
            case "wait" -> () -> receiver.receive(target, MOMENT);
            default -> throw new IllegalArgumentException(verb);
        };
    }

    private void cut(long length) throws Exception {
        try (FileChannel file =
                FileChannel.open(Zipc.shmPath(name), StandardOpenOption.WRITE)) {
            file.truncate(length);
        }
    }

    /// The class of the exception that a repeated call finally throws.
    private static CompletableFuture<String> failure(Callable<?> call) {
        CompletableFuture<String> failure = new CompletableFuture<>();
        Thread _ = Thread.ofPlatform().start(() -> {
            try {
                while (true) {
                    Object _ = call.call();
                }
            } catch (Throwable thrown) {
                failure.complete(thrown.getClass().getSimpleName());
            }
        });
        return failure;
    }
}
