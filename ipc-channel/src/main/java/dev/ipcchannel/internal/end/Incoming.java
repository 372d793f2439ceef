package dev.ipcchannel.internal.end;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.base.Marks;
import dev.ipcchannel.internal.wait.Owner;
import dev.ipcchannel.internal.wire.Transfer;
import org.jspecify.annotations.Nullable;

/// The way of messages, as bytes, to one receiver: the counterpart of [Outgoing].
///
/// One thread at a time uses it, between [#enter] and [#exit]. The queries, [#end], [#close] and
/// [#onDisconnect] may come from any thread. A failure that ends it is a `LaneException`.
public interface Incoming extends End, Selectable {

    /// The process that this receiver came from, if it is known.
    @Nullable
    Peer peer();

    /// Adds words to the exception that refuses a second thread.
    ///
    /// @param words the name of this end as the end of a sentence, from its comma on
    void show(String words);

    /// Whether this side has ended it, so that no message comes any more.
    boolean hasLeft();

    /// Whether a sender is left, as far as the kernel knows by now.
    boolean isConnected();

    /// Runs `action` once, on a thread of its own, when no sender is left; messages may still wait
    /// then. Does not run it if this end closes or moves before.
    void onDisconnect(Runnable action);

    /// Starts a verb: the calling thread is inside until [#exit].
    ///
    /// @param as the owner that does it, or null
    /// @throws IllegalStateException if another thread is inside, or it belongs to another owner
    void enter(@Nullable Owner as);

    /// Gives this end to an owner: until [#disown], the verbs of all others are refused.
    ///
    /// @throws IllegalStateException if a thread is inside, or it has an owner
    void own(Owner next);

    /// Takes it from its owner. Called inside.
    void disown();

    /// Finds the next message, if one is there; asks the kernel once if none is. Never waits.
    /// Called inside.
    ///
    /// @return null if no message is there
    @Nullable
    IncomingMessage tryNext();

    /// Finds the next message, waiting if need be. Called inside.
    ///
    /// @return null if the deadline came first
    @Nullable
    IncomingMessage next(Deadline deadline) throws InterruptedException;

    /// Finds the next message for the set that this end is in. Asks the kernel only if the set was
    /// notified. Called inside.
    ///
    /// @param patience until when the caller may wait for details of an ended process
    /// @return null if no message is there
    @Nullable
    IncomingMessage nextSignalled(Deadline patience);

    /// The next message that can be found without asking the kernel. Called inside.
    @Nullable
    IncomingMessage poll();

    /// Gives back the space of everything consumed in a batch. Called inside.
    void publish();

    /// Counts messages that were taken.
    void count(long messages, long bytes);

    /// The marks of the lane by which the last message came, as its reader sees them, made by the
    /// first call; null if this end has no lanes. Called inside.
    default @Nullable Marks marks() {
        return null;
    }

    /// Enters this end, ties it to a message, and writes what another process needs to go on
    /// receiving. Then follows [#moved], or [#notMoved] if the message was not sent. A close in
    /// between waits for neither.
    ///
    /// @throws IllegalStateException if this end cannot move, with the reason
    void export(Transfer transfer);

    /// The message that was to take this end along was not sent: the end is free again.
    void notMoved();

    /// The message was sent, and this end has moved with it.
    ///
    /// @param reason a sentence for later calls
    /// @param to the process that has it now, if it is known
    void moved(String reason, @Nullable Peer to);

    /// Stops receiving. Never waits, and wakes no thread: [#close] follows.
    ///
    /// @param reason a sentence for later calls
    void end(String reason);

    /// Ends it: a waiting thread is woken, and each sender sees the end at its next send. Waits for
    /// a handler that runs in another thread. Called by the handler itself, it takes effect when
    /// the handler returns. While this end is in a message that is being sent, it takes effect only
    /// if the message is not sent.
    ///
    /// @param reason a sentence for later calls
    void close(String reason);
}
