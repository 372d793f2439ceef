package dev.ipcchannel.zipc;

import dev.ipcchannel.EndAccess;
import dev.ipcchannel.internal.base.Argument;
import java.nio.file.Path;

/// The functions for a queue's file that need no open end.
public final class Zipc {

    private Zipc() {}

    /// Removes the queue's file, if it is there. Ends that have it open still use it among
    /// themselves; later ends make a new file. Then there are two queues, and no end notices the
    /// other queue: a sender of the old file and a later receiver never meet. Call this after both
    /// sides are closed, or before either is open.
    ///
    /// @throws IllegalArgumentException if `name` is not a valid name of a queue
    /// @throws dev.ipcchannel.SystemCallFailed if the file cannot be removed
    /// @throws dev.ipcchannel.UnsupportedPlatform if this library does not run on this machine
    public static void unlink(String name) {
        QueueFile file = new QueueFile(name);
        EndAccess.checkPlatform();
        file.unlink();
    }

    /// The path of the queue's file, which need not exist: `/dev/shm/prices` for `/prices`.
    ///
    /// @throws IllegalArgumentException if `name` is not a valid name of a queue
    public static Path shmPath(String name) {
        return new QueueFile(name).path();
    }

    /// The bytes of memory that a queue takes, in [ZipcDialect#CURRENT]: for each slot the longest
    /// message and 8 bytes, and some 130 bytes more. All of them are allocated when the queue is
    /// opened.
    ///
    /// @param queueSize the number of slots, at least 2
    /// @param messageSize the longest message, at least 1 byte
    /// @throws IllegalArgumentException if a size is too small
    public static long sharedMemorySize(int queueSize, int messageSize) {
        return sharedMemorySize(queueSize, messageSize, ZipcOptions.defaults());
    }

    /// The bytes of memory that a queue takes in the dialect of these options.
    ///
    /// @param queueSize the number of slots, at least 2
    /// @param messageSize the longest message, at least 1 byte
    /// @throws IllegalArgumentException if a size is too small
    public static long sharedMemorySize(int queueSize, int messageSize, ZipcOptions options) {
        return new QueueLayout(queueSize, messageSize,
                Argument.given(options, "options").dialect()).length();
    }
}
