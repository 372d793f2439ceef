package dev.ipcchannel.select;

import dev.ipcchannel.EndAccess;
import dev.ipcchannel.IpcException;
import dev.ipcchannel.Receiver;
import dev.ipcchannel.internal.base.Argument;
import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.end.MessageSink;
import java.lang.ref.Cleaner.Cleanable;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// A wait on many receivers at once, for what comes first.
///
/// ```java
/// try (ReceiverSet<Object> set = ReceiverSet.open()) {
///     set.add(orders);
///     set.add(prices);
///     while (!set.isEmpty()) {
///         for (ReceiverEvent<Object> event : set.select()) {
///             switch (event) {
///                 case ReceiverEvent.Message(_, Order order) -> book(order);
///                 case ReceiverEvent.Message(_, Object price) -> show(price);
///                 case ReceiverEvent.Closed(var receiver, _) -> receiver.close();
///                 case ReceiverEvent.Failed(_, var failure) -> log(failure);
///             }
///         }
///     }
/// }
/// ```
///
/// One thread at a time selects; a second one at the same time gets an `IllegalStateException`. Any
/// thread may add, remove and close, also while another selects. A receiver is in one set at most
/// and nobody else receives from it meanwhile: its own `receive` is an `IllegalStateException`, and
/// so is a move of it inside a message. It stays its owner's to close.
///
/// A selection takes what is pending at every receiver, up to 64 messages or 256 KiB each, so that
/// a flood at one does not keep the others waiting; what is left comes with the next. A receiver
/// where nothing happens costs a selection nothing, in sets of thousands. A set costs one
/// descriptor.
///
/// @param <T> what the messages of all its receivers have in common
public final class ReceiverSet<T> implements AutoCloseable {

    private final Selection selection;
    private final Map<SetEntry, Receiver<? extends T>> receivers = new ConcurrentHashMap<>();
    private final Map<Receiver<?>, SetEntry> entries = new ConcurrentHashMap<>();
    private final Cleanable cleanable;
    private Deadline patience = Deadline.NOW; // in this selection; used by the thread that selects
    private int lastCount; // of events; used by the thread that selects

    private ReceiverSet(Selection selection) {
        this.selection = selection;
        this.cleanable = EndAccess.whenForgotten(this, selection::close);
    }

    private static <T> ReceiverSet<T> of(Selection selection) {
        try {
            return new ReceiverSet<>(selection);
        } catch (OutOfMemoryError failure) {
            selection.close();
            throw failure;
        }
    }

    /// An empty set.
    ///
    /// @throws dev.ipcchannel.ResourceExhausted if descriptors have run out
    /// @throws dev.ipcchannel.UnsupportedPlatform if the library cannot run in this JVM
    public static <T> ReceiverSet<T> open() {
        EndAccess.checkPlatform();
        try {
            return of(new Selection());
        } catch (RuntimeException | OutOfMemoryError failure) {
            throw EndAccess.translate(failure);
        }
    }

    /// Takes a receiver in. What has come to it before is selected as well.
    ///
    /// @throws dev.ipcchannel.EndClosed if the receiver or this set is closed
    /// @throws IllegalStateException if the receiver is in use by another thread, or belongs to a
    /// set, a caller or whatever else has it for itself
    /// @throws dev.ipcchannel.ResourceExhausted if the kernel can watch no more sockets
    public void add(Receiver<? extends T> receiver) {
        Argument.given(receiver, "receiver");
        try {
            selection.join(EndAccess.way(receiver), entry -> {
                receivers.put(entry, receiver);
                entries.put(receiver, entry); // last: a remove finds both from here on
            });
        } catch (RuntimeException | OutOfMemoryError failure) {
            throw EndAccess.translate(failure);
        } finally {
            if (selection.isClosed()) {
                forgetAll(); // it may have been put in after the close
            }
        }
    }

    /// Lets a receiver go; messages that no selection has returned stay in it, and it can be
    /// received from again. Waits while a codec decodes a message of it.
    ///
    /// @return false if it is not in this set, or not any more
    public boolean remove(Receiver<? extends T> receiver) {
        Argument.given(receiver, "receiver");
        SetEntry entry = entries.get(receiver);
        return entry != null && leave(entry, receiver);
    }

    /// @return whether it was this call that let the receiver go
    private boolean leave(SetEntry entry, Receiver<?> receiver) {
        selection.leave(entry);
        entries.remove(receiver, entry);
        return receivers.remove(entry) != null;
    }

    /// How many receivers are in the set.
    public int count() {
        return receivers.size();
    }

    /// Whether no receiver is in the set.
    public boolean isEmpty() {
        return receivers.isEmpty();
    }

    /// Takes everything that is pending, waiting until there is something, as long as it takes; in
    /// an empty set, until another thread adds a receiver to which something comes.
    ///
    /// @return at least one event; those of one receiver are in order
    /// @throws dev.ipcchannel.EndClosed if this set is closed, before or while it waits
    /// @throws IllegalStateException if another thread is selecting
    /// @throws InterruptedException if the thread is interrupted while it waits; no message is lost
    public List<ReceiverEvent<T>> select() throws InterruptedException {
        return select(Deadline.NEVER);
    }

    /// Takes everything that is pending, waiting for something no longer than `timeout`. Throws
    /// what [#select()] throws.
    ///
    /// @return no event if there was none in time
    public List<ReceiverEvent<T>> select(Duration timeout) throws InterruptedException {
        return select(EndAccess.deadline(timeout));
    }

    /// Takes everything that is pending. Never waits.
    ///
    /// @return no event if there is none now
    /// @throws dev.ipcchannel.EndClosed if this set is closed
    /// @throws IllegalStateException if another thread is selecting
    public List<ReceiverEvent<T>> trySelect() {
        try {
            return select(Deadline.NOW);
        } catch (InterruptedException impossible) {
            throw new AssertionError("a look has waited", impossible);
        }
    }

    private List<ReceiverEvent<T>> select(Deadline deadline) throws InterruptedException {
        try {
            selection.enter();
            patience = deadline;
            try {
                List<ReceiverEvent<T>> events = newList();
                Selection.Visit visit = entry -> collect(entry, events);
                do {
                    selection.round(visit);
                } while (events.isEmpty() && selection.await(deadline));
                lastCount = events.size();
                return events;
            } finally {
                selection.exit();
            }
        } catch (RuntimeException | OutOfMemoryError failure) {
            throw EndAccess.translate(failure);
        } finally {
            Reference.reachabilityFence(this); // a set at work is not forgotten
        }
    }

    /// As long as the last one was: one event takes no room for ten, and many are not copied about.
    private List<ReceiverEvent<T>> newList() {
        return lastCount == 0 ? new ArrayList<>() : new ArrayList<>(lastCount);
    }

    private boolean collect(SetEntry entry, List<ReceiverEvent<T>> events) {
        Receiver<? extends T> receiver = receivers.get(entry);
        return receiver != null && collect(entry, receiver, events);
    }

    private <M extends T> boolean collect(SetEntry entry, Receiver<M> receiver,
            List<ReceiverEvent<T>> events) {
        int before = events.size();
        IpcException end = EndAccess.collect(receiver, entry, patience,
                new MessageSink<M>() {

                    @Override
                    public void message(M message) {
                        events.add(new ReceiverEvent.Message<>(receiver, message));
                    }

                    @Override
                    public void failure(RuntimeException failure) {
                        events.add(new ReceiverEvent.Failed<>(receiver, failure));
                    }
                });
        if (end != null && leave(entry, receiver)) {
            events.add(new ReceiverEvent.Closed<>(receiver, end));
        }
        return events.size() > before;
    }

    /// Lets every receiver go and ends this set; a thread that selects is woken with
    /// [dev.ipcchannel.EndClosed]. The receivers stay open, with what has not been selected. The
    /// second and later closes do nothing.
    @Override
    public void close() {
        try {
            selection.close();
        } finally {
            forgetAll();
            cleanable.clean();
        }
    }

    private void forgetAll() {
        receivers.clear();
        entries.clear();
    }

    @Override
    public String toString() {
        return "ReceiverSet[%s, receivers=%d]".formatted(selection.isClosed() ? "closed" : "open",
                count());
    }
}
