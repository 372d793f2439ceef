package dev.ipcchannel.named;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.base.Log;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.locks.ReentrantLock;

/// A shutdown hook that waits for broadcast senders whose messages have not gone out: for each no
/// longer than its linger, and no longer than it has such messages. The log has the number of those
/// that have not gone out by then.
///
/// Senders are referenced weakly, so that forgotten ones can be collected.
final class Lingering {

    private static final ReentrantLock LOCK = new ReentrantLock();
    private static final Set<BroadcastSender<?>> SENDERS =
            Collections.newSetFromMap(new WeakHashMap<>()); // guarded by the lock
    private static boolean isHooked;
    private static volatile boolean isGoingDown;

    private Lingering() {}

    /// Adds a sender that the exit waits for.
    static void add(BroadcastSender<?> sender) {
        LOCK.lock();
        try {
            boolean _ = SENDERS.add(sender);
            Log.prepareForExit();
            if (!isHooked) {
                isHooked = true;
                Runtime.getRuntime().addShutdownHook(
                        new Thread(Lingering::awaitAll, "ipc-channel lingering"));
            }
        } catch (IllegalStateException _) {
            beginExit(); // the exit has begun already
        } finally {
            LOCK.unlock();
        }
    }

    /// Whether the exit has begun. From then on, the closing thread itself waits for the linger.
    static boolean isGoingDown() {
        return isGoingDown;
    }

    /// Waits for a sender that was used, or opened, after the exit has begun.
    static void await(BroadcastSender<?> sender) {
        sender.awaitOutAtExit(Deadline.after(sender.linger()));
        Log.logRest();
    }

    private static void beginExit() {
        isGoingDown = true;
        Log.beginExit();
    }

    private static void awaitAll() {
        beginExit();
        Map<BroadcastSender<?>, Deadline> all = new HashMap<>();
        for (BroadcastSender<?> sender : senders()) {
            all.put(sender, Deadline.after(sender.linger()));
        }
        all.forEach(BroadcastSender::awaitOutAtExit);
        Log.logRest();
    }

    private static List<BroadcastSender<?>> senders() {
        LOCK.lock();
        try {
            return List.copyOf(SENDERS);
        } finally {
            LOCK.unlock();
        }
    }
}
