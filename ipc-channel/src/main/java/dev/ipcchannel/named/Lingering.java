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

/// The exit of this process, which waits for broadcast senders that have messages for others yet:
/// for each no longer than it lingers, and no longer than it has some. What has not gone out by
/// then is said.
///
/// Those that nobody keeps are not kept here.
final class Lingering {

    private static final ReentrantLock LOCK = new ReentrantLock();
    private static final Set<BroadcastSender<?>> SENDERS =
            Collections.newSetFromMap(new WeakHashMap<>()); // these inside the lock
    private static boolean isHooked;
    private static volatile boolean isGoingDown;

    private Lingering() {}

    /// Has the exit wait for a sender.
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
            beginExit(); // it has begun already
        } finally {
            LOCK.unlock();
        }
    }

    /// Whether the exit has begun: what lingers from now on has to be waited for by its closer.
    static boolean isGoingDown() {
        return isGoingDown;
    }

    /// Waits for one that was used, or opened, after the exit has begun.
    static void await(BroadcastSender<?> sender) {
        sender.awaitOutAtExit(Deadline.after(sender.linger()));
        Log.sayRest();
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
        Log.sayRest();
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
