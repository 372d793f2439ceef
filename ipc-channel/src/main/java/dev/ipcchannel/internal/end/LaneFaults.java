package dev.ipcchannel.internal.end;

import dev.ipcchannel.internal.base.Deadline;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The faults that a test has asked for on one lane of an in-process channel: the writer's side
/// notes when a message may be received, the reader's side asks. Each side uses it under the rules
/// of its lane.
public final class LaneFaults {

    /// A message that may not be received yet.
    ///
    /// @param position where its record starts
    private record Delayed(long position, Deadline due) {}

    private final BooleanSupplier isFull;
    private final Supplier<Duration> delay;
    private final ArrayDeque<Delayed> messages = new ArrayDeque<>(0); // by position

    /// @param isFull whether the writer shall find no room
    /// @param delay of the next message
    LaneFaults(BooleanSupplier isFull, Supplier<Duration> delay) {
        this.isFull = isFull;
        this.delay = delay;
    }

    /// Whether the writer shall find no room.
    public boolean isFull() {
        return isFull.getAsBoolean();
    }

    /// Notes that a message is about to be committed. Called by the writer.
    ///
    /// @param position where its record starts
    /// @param readerPosition below which everything has been read: what is noted there is dropped,
    /// because not every reader asks
    public synchronized void note(long position, long readerPosition) {
        dropBelow(readerPosition);
        while (!messages.isEmpty() && messages.getLast().position - position >= 0) {
            messages.removeLast(); // of an attempt that was given up
        }
        Duration held = delay.get();
        if (!held.isZero()) {
            messages.addLast(new Delayed(position, Deadline.after(held)));
        }
    }

    /// When the message at `position` may be received; null if at once. Called by the reader.
    public synchronized @Nullable Deadline heldUntil(long position) {
        dropBelow(position);
        Delayed first = messages.peekFirst();
        return first == null || first.position != position || first.due.isPast() ? null : first.due;
    }

    private void dropBelow(long position) {
        while (!messages.isEmpty() && messages.getFirst().position - position < 0) {
            messages.removeFirst();
        }
    }
}
