package dev.ipcchannel.internal.end;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.base.Marks;
import dev.ipcchannel.internal.wait.Owner;
import dev.ipcchannel.internal.wire.Transfer;
import org.jspecify.annotations.Nullable;

/// The way of messages, as bytes, to one receiver: the counterpart of [Outgoing].
///
/// One thread at a time uses it, between [#enter] and [#exit]; the questions about it, [#end],
/// [#close] and [#onDisconnect] may come from any. What cannot go on is a `LaneException`.
public interface Incoming extends End, Selectable {

    /// The process that this receiver came from, if it is known.
    @Nullable
    Peer peer();

    /// Has the refusal of a second thread end with a name.
    ///
    /// @param words the name as the end of a sentence, from its comma on
    void show(String words);

    /// Whether nothing more comes by this side's own doing.
    boolean hasLeft();

    /// Whether a sender is left, as far as the kernel knows by now.
    boolean isConnected();

    /// Has `action` run, once, on a thread of its own, when no sender is left; messages may still
    /// be there. Not if it is closed or moves before.
    void onDisconnect(Runnable action);

    /// Starts a verb.
    ///
    /// @param as the owner that does it, or null
    /// @throws IllegalStateException if another thread is inside, or it belongs to another owner
    void enter(@Nullable Owner as);

    /// Gives it to an owner for itself: until [#disown], all others are refused.
    ///
    /// @throws IllegalStateException if a thread is inside, or it has an owner
    void own(Owner next);

    /// Takes it from its owner. Inside.
    void disown();

    /// Finds the next message, if one is there; asks the kernel once if none is. Never waits.
    /// Inside.
    ///
    /// @return null if none is there
    @Nullable
    IncomingMessage tryNext();

    /// Finds the next message, waiting if need be. Inside.
    ///
    /// @return null if the deadline came first
    @Nullable
    IncomingMessage next(Deadline deadline) throws InterruptedException;

    /// Finds the next message for the set that it is in, asking the kernel only if that was told
    /// something. Inside.
    ///
    /// @param patience until when the caller may wait for what there is to know of an end
    /// @return null if none is there
    @Nullable
    IncomingMessage nextTold(Deadline patience);

    /// The next message that is there without asking the kernel. Inside.
    @Nullable
    IncomingMessage poll();

    /// Gives back the space of everything consumed in a batch. Inside.
    void publish();

    /// Counts messages that were taken.
    void count(long messages, long bytes);

    /// The marks of the lane by which the last message has come, this side's being the reader's,
    /// made when they are asked for first; null where it has no lanes. Inside.
    default @Nullable Marks marks() {
        return null;
    }

    /// Goes in, belongs to a message from then on, and writes what another process needs to go on
    /// receiving. Then comes [#moved], or [#stayed] if the message was not sent; a close meanwhile
    /// waits for neither.
    ///
    /// @throws IllegalStateException if it cannot move, with the reason
    void export(Transfer transfer);

    /// The message that was to take it along has not gone: it is free again.
    void stayed();

    /// The message has gone, and with it this.
    ///
    /// @param reason a sentence for later calls
    /// @param to the process that it has gone to, if it is known
    void moved(String reason, @Nullable Peer to);

    /// Has nothing more received. Never waits, and wakes no thread: [#close] follows.
    ///
    /// @param reason a sentence for later calls
    void end(String reason);

    /// Ends it: a waiting thread is woken, senders learn at their next send. Waits for a handler
    /// that runs in another thread; called by the handler itself, it takes effect when that
    /// returns. On one in a message that is being sent, it takes effect if that is not sent.
    ///
    /// @param reason a sentence for later calls
    void close(String reason);
}
