package dev.ipcchannel.testing.children;

import dev.ipcchannel.internal.posix.Pause;
import dev.ipcchannel.testing.Orders;
import dev.ipcchannel.zipc.Zipc;
import dev.ipcchannel.zipc.ZipcMessage;
import dev.ipcchannel.zipc.ZipcReceiver;
import dev.ipcchannel.zipc.ZipcSender;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A process with ends of zipc queues that runs orders on its standard input, a line each, which it
/// answers with a line each.
public final class ZipcChild {

    /// The number of slots of its queues.
    public static final int SLOTS = 16;
    /// The longest message.
    public static final int LENGTH = 200;

    private static final Duration PATIENCE = Duration.ofSeconds(45);
    private static final int WAITING = 50;
    private static final Duration FOR_EVER = ChronoUnit.FOREVER.getDuration();

    private @Nullable ZipcSender sender;
    private @Nullable ZipcReceiver receiver;

    private ZipcChild() {}

    /// A message that shows its number, and whether it is whole.
    public static byte[] numbered(int number) {
        byte[] message =
                new byte[Integer.BYTES + Math.floorMod(number * 31, LENGTH - Integer.BYTES)];
        Arrays.fill(message, (byte) number);
        return ByteBuffer.wrap(message).putInt(number).array();
    }

    /// The number of a message.
    ///
    /// @return -1 if it is not whole
    public static int number(byte[] message) {
        if (message.length < Integer.BYTES) {
            return -1;
        }
        int number = ByteBuffer.wrap(message).getInt();
        return Arrays.equals(message, numbered(number)) ? number : -1;
    }

    /// Prints that it is up, then runs orders.
    public static void main(String[] arguments) throws Exception {
        ZipcChild child = new ZipcChild();
        Orders.take(order -> child.run(order[0], order.length > 1 ? order[1] : ""));
    }

    private String run(String verb, String argument) throws Exception {
        return switch (verb) {
            case "sender" -> {
                sender = ZipcSender.open(argument, SLOTS, LENGTH);
                yield "opened";
            }
            case "letters" -> { // in a locale that may not have them
                String name = "/\u00e4-" + ProcessHandle.current().pid();
                receiver = ZipcReceiver.open(name, SLOTS, LENGTH);
                Zipc.unlink(name);
                yield "opened";
            }
            case "receiver" -> {
                receiver = ZipcReceiver.open(argument, SLOTS, LENGTH);
                yield "opened";
            }
            case "send" -> String.valueOf(
                    sender().send(numbered(Integer.parseInt(argument))));
            case "receive" -> received(Duration.ofMillis(Long.parseLong(argument)));
            case "flood" -> flood(Integer.parseInt(argument));
            case "drain" -> drain();
            case "poll" -> poll();
            case "spray" -> spray();
            case "close" -> close();
            case "exit" -> exit();
            case "virtual" -> virtual();
            default -> throw new IllegalArgumentException(verb);
        };
    }

    private ZipcSender sender() {
        ZipcSender open = sender;
        if (open == null) {
            throw new IllegalStateException("no sender is open");
        }
        return open;
    }

    private ZipcReceiver receiver() {
        ZipcReceiver open = receiver;
        if (open == null) {
            throw new IllegalStateException("no receiver is open");
        }
        return open;
    }

    private String received(Duration timeout) throws InterruptedException {
        ZipcMessage message = receiver().receive(timeout);
        return message == null ? "none" : String.valueOf(number(message.bytes()));
    }

    /// Sends until it is killed.
    private String flood(int first) {
        System.out.println("floods");
        for (int i = first;; i++) {
            byte[] message = numbered(i);
            while (!sender().send(message)) {
                Thread.onSpinWait();
            }
        }
    }

    /// Receives until it is killed, or a message is not the one after the last.
    private String drain() throws InterruptedException {
        System.out.println("drains");
        byte[] target = new byte[LENGTH];
        int last = -1;
        while (true) {
            int length = receiver().receive(target, PATIENCE);
            int number = number(Arrays.copyOf(target, Math.max(0, length)));
            if (number < 0 || (last >= 0 && number != last + 1)) {
                return "after " + last + " came " + number;
            }
            last = number;
        }
    }

    /// Receives and reads until something fails.
    private String poll() {
        System.out.println("polls");
        long sum = 0;
        while (sum < Long.MAX_VALUE) {
            ZipcMessage message = receiver().receive();
            for (long i = 0; message != null && i < message.segment().byteSize(); i++) {
                sum += 1 + Math.abs(message.segment().get(ValueLayout.JAVA_BYTE, i));
            }
        }
        return "counted to the end";
    }

    /// Sends, or tries to, until something fails.
    private String spray() {
        System.out.println("sprays");
        byte[] message = new byte[LENGTH];
        for (long sum = 0; sum < Long.MAX_VALUE; sum++) {
            boolean _ = sender().send(message);
        }
        return "counted to the end";
    }

    private String close() {
        if (sender != null) {
            sender.close();
        }
        if (receiver != null) {
            receiver.close();
        }
        return "closed";
    }

    /// Exits while threads wait, half of them virtual ones.
    private static String exit() throws InterruptedException {
        MemorySegment memory = Arena.global().allocate(Zipc.sharedMemorySize(SLOTS, LENGTH), 8);
        for (int i = 0; i < WAITING; i++) {
            ZipcReceiver waiting = ZipcReceiver.over(memory, "/exit", SLOTS, LENGTH, i);
            Runnable wait = () -> waitForEver(waiting);
            Thread _ = i % 2 == 0 ? Thread.startVirtualThread(wait)
                    : Thread.ofPlatform().start(wait);
        }
        while (sleeping() < WAITING) {
            Pause.of(1_000_000);
        }
        System.exit(3);
        return "never";
    }

    private static void waitForEver(ZipcReceiver waiting) {
        try {
            ZipcMessage _ = waiting.receive(FOR_EVER);
        } catch (InterruptedException _) {
            Runtime.getRuntime().halt(9); // nothing interrupts it
        }
    }

    /// How many platform threads sleep, also for virtual ones.
    private static long sleeping() {
        return Thread.getAllStackTraces().values().stream()
                .filter(stack -> Arrays.toString(stack).contains("Futex.await")).count();
    }

    /// Talks to itself, by two virtual threads.
    private String virtual() throws InterruptedException {
        int count = 200;
        Thread sends = Thread.startVirtualThread(() -> {
            for (int i = 0; i < count; i++) {
                while (!sender().send(numbered(i))) {
                    Pause.of(1_000);
                }
            }
        });
        StringBuilder wrong = new StringBuilder();
        Thread receives = Thread.startVirtualThread(() -> {
            try {
                for (int i = 0; i < count && wrong.isEmpty(); i++) {
                    String got = received(PATIENCE);
                    wrong.append(got.equals(String.valueOf(i)) ? "" : i + " is " + got);
                }
            } catch (InterruptedException failure) {
                wrong.append(failure);
            }
        });
        sends.join();
        receives.join();
        return wrong.isEmpty() ? "all" : wrong.toString();
    }
}
