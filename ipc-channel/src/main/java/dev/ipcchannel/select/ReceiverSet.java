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

/// A set of receivers that one thread waits on, for the first of them that has something.
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
/// thread may add, remove and close, also while another thread selects. A receiver is in one set at
/// most. While it is in a set, its own `receive` is an `IllegalStateException`, and so is a move in
/// a message. Its owner still has to close it.
///
/// A selection takes the pending messages of every receiver, up to 64 messages or 256 KiB from
/// each, so that a flood at one receiver does not delay the others; the rest comes with the next
/// selection. A receiver without messages costs a selection nothing, even in sets of thousands. A
/// set costs one descriptor.
///
/// @param <T> the common type of the messages of all its receivers
public final class ReceiverSet<T> implements AutoCloseable {

    private final Selection selection;
    private final Map<SetEntry, Receiver<? extends T>> receivers = new ConcurrentHashMap<>();
    private final Map<Receiver<?>, SetEntry> entries = new ConcurrentHashMap<>();
    private final Cleanable cleanable;
    private Deadline patience = Deadline.NOW; // of this selection; used by the selecting thread
    private int lastCount; // of events; used by the selecting thread

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

    /// Adds a receiver. Messages that have arrived before are selected as well.
    ///
    /// @throws dev.ipcchannel.EndClosed if the receiver or this set is closed
    /// @throws IllegalStateException if the receiver is in use by another thread, or has an owner,
    /// such as a set or a caller
    /// @throws dev.ipcchannel.ResourceExhausted if the kernel can watch no more sockets
    public void add(Receiver<? extends T> receiver) {
        Argument.given(receiver, "receiver");
        try {
            selection.join(EndAccess.way(receiver), entry -> {
                receivers.put(entry, receiver);
                entries.put(receiver, entry); // last: from here on a remove finds both
            });
        } catch (RuntimeException | OutOfMemoryError failure) {
            throw EndAccess.translate(failure);
        } finally {
            if (selection.isClosed()) {
                forgetAll(); // it may have been added after the close
            }
        }
    }

    /// Removes a receiver. Messages that no selection has returned remain in it, and other code can
    /// receive from it again. Waits while a codec decodes one of its messages.
    ///
    /// @return false if the receiver is not in this set
    public boolean remove(Receiver<? extends T> receiver) {
        Argument.given(receiver, "receiver");
        SetEntry entry = entries.get(receiver);
        return entry != null && leave(entry, receiver);
    }

    /// @return whether this call has removed the receiver
    private boolean leave(SetEntry entry, Receiver<?> receiver) {
        selection.leave(entry);
        entries.remove(receiver, entry);
        return receivers.remove(entry) != null;
    }

    /// The number of receivers in the set.
    public int count() {
        return receivers.size();
    }

    /// Whether no receiver is in the set.
    public boolean isEmpty() {
        return receivers.isEmpty();
    }

    /// Takes everything that is pending, and waits until there is something, as long as it takes.
    /// In an empty set it waits until another thread adds a receiver that gets something.
    ///
    /// @return at least one event; those of one receiver are in order
    /// @throws dev.ipcchannel.EndClosed if this set is closed, before or during the wait
    /// @throws IllegalStateException if another thread is selecting
    /// @throws InterruptedException if the thread is interrupted while it waits; no message is lost
    public List<ReceiverEvent<T>> select() throws InterruptedException {
        return select(Deadline.NEVER);
    }

    /// Takes everything that is pending, and waits for something no longer than `timeout`. Throws
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

    /// A list with the capacity of the last one: small for few events, and never grown for many.
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

    /// Removes every receiver and closes this set; a selecting thread is woken with
    /// [dev.ipcchannel.EndClosed]. The receivers remain open, with the messages not yet selected.
    /// The second and later closes do nothing.
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
