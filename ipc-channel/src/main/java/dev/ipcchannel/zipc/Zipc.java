package dev.ipcchannel.zipc;

import dev.ipcchannel.EndAccess;
import dev.ipcchannel.internal.base.Argument;
import java.nio.file.Path;

/// The functions about a queue's file that need no end of it.
public final class Zipc {

    private Zipc() {}

    /// Removes the queue's file, if it is there. Ends that have it open go on with it among
    /// themselves; those that come later make a new one. So there are two queues then, and no end
    /// learns of the other one: a sender that stays and a receiver that comes later never meet.
    /// Call this once both sides are closed, or before either is open.
    ///
    /// @throws IllegalArgumentException if that is no name of a queue
    /// @throws dev.ipcchannel.SystemCallFailed if it cannot be removed
    /// @throws dev.ipcchannel.UnsupportedPlatform if this library does not run on this machine
    public static void unlink(String name) {
        QueueFile file = new QueueFile(name);
        EndAccess.checkPlatform();
        file.unlink();
    }

    /// The queue's file, which need not be there: `/dev/shm/prices` for `/prices`.
    ///
    /// @throws IllegalArgumentException if that is no name of a queue
    public static Path shmPath(String name) {
        return new QueueFile(name).path();
    }

    /// The bytes of memory that a queue takes, in [ZipcDialect#CURRENT]: 8 more a slot than a
    /// message has, and some 130. All of them are taken when the queue is opened.
    ///
    /// @param queueSize how many slots it has, from 2 on
    /// @param messageSize the longest message, from 1 on
    /// @throws IllegalArgumentException if one of them is too small
    public static long sharedMemorySize(int queueSize, int messageSize) {
        return sharedMemorySize(queueSize, messageSize, ZipcOptions.defaults());
    }

    /// The bytes of memory that a queue takes in the dialect of these options.
    ///
    /// @param queueSize how many slots it has, from 2 on
    /// @param messageSize the longest message, from 1 on
    /// @throws IllegalArgumentException if one of them is too small
    public static long sharedMemorySize(int queueSize, int messageSize, ZipcOptions options) {
        return new QueueLayout(queueSize, messageSize,
                Argument.given(options, "options").dialect()).length();
    }
}
