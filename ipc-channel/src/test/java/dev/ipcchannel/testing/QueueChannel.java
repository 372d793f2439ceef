package dev.ipcchannel.testing;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.end.Counters;
import dev.ipcchannel.internal.end.Incoming;
import dev.ipcchannel.internal.end.IncomingMessage;
import dev.ipcchannel.internal.end.Membership;
import dev.ipcchannel.internal.end.Movable;
import dev.ipcchannel.internal.end.OutgoingMessage;
import dev.ipcchannel.internal.end.Peer;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.ring.RingWriter;
import dev.ipcchannel.internal.wait.Guard;
import dev.ipcchannel.internal.wait.Owner;
import dev.ipcchannel.internal.wire.LaneException;
import dev.ipcchannel.internal.wire.LaneSettings;
import dev.ipcchannel.internal.wire.Transfer;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A channel that is only a queue in the heap, with the library's two doors: code that works with
/// it needs neither lanes nor sockets nor another process.
///
/// Longer than other files: the two doors have some sixty methods, each of a few lines.
@SuppressWarnings("NonAtomicVolatileUpdate") // updated inside the lock, read outside
public final class QueueChannel {

    /// The number of messages that there is room for.
    public static final int CAPACITY = 8;

    /// The settings of both doors. The longest message is short.
    public static final LaneSettings SETTINGS = new LaneSettings(4096, 0, 64 * 1024, "");

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<byte[]> queue = new ArrayDeque<>(); // guarded by the lock, as all below
    private int claims; // open claims, each with room of its own
    private final List<Runnable> whenReceiverEnds = new ArrayList<>();
    private final List<Runnable> whenSendersEnd = new ArrayList<>();
    private volatile int senders; // written inside the lock, as the next
    private volatile @Nullable String receiverEnded;
    private @Nullable Membership member;
    private final In in = new In();

    /// Another way into the channel.
    public Movable outgoing() {
        return new Out(false);
    }

    /// The way out of the channel, always the same object.
    public Incoming incoming() {
        return in;
    }

    /// Notifies waiting threads of a change. Called inside the lock.
    private void change() {
        changed.signalAll();
        if (receiverEnded != null) {
            runAll(whenReceiverEnds);
        }
        if (senders == 0) {
            runAll(whenSendersEnd);
        }
        Membership current = member;
        if (current != null) {
            current.signal();
        }
    }

    private static void runAll(List<Runnable> actions) {
        actions.forEach(Thread::startVirtualThread);
        actions.clear();
    }

    private void when(List<Runnable> list, Runnable action) {
        lock.lock();
        try {
            list.add(action);
            change(); // it may be true already
        } finally {
            lock.unlock();
        }
    }

    private String queued() {
        lock.lock();
        try {
            return ", queued=" + queue.size();
        } finally {
            lock.unlock();
        }
    }

    private boolean isFull() {
        return queue.size() + claims == CAPACITY;
    }

    /// Waits once; each caller looks again.
    ///
    /// @return false if the deadline came first
    @SuppressWarnings("WaitNotInLoop")
    private boolean await(Deadline deadline) throws InterruptedException {
        return changed.awaitNanos(Math.min(deadline.remainingNanos(),
                TimeUnit.SECONDS.toNanos(1))) > 0 || !deadline.isPast();
    }

    /// The way of a sender.
    private final class Out implements Movable {

        private final Counters counters = new Counters(Counters.Side.SENDER);
        private final boolean isExclusive;
        private volatile @Nullable String ended;
        private volatile byte @Nullable [] claimed; // written inside the lock, as the next
        private @Nullable Thread claimer;
        private volatile long claimNumber;

        private Out(boolean isExclusive) {
            this.isExclusive = isExclusive;
            lock.lock();
            try {
                senders++;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public LaneSettings settings() {
            return SETTINGS;
        }

        @Override
        public int maxMessage() {
            return SETTINGS.maxMessage();
        }

        @Override
        public @Nullable Peer limiting() {
            return null;
        }

        @Override
        public Counters counters() {
            return counters;
        }

        @Override
        public Offer trySend(OutgoingMessage message) {
            lock.lock();
            try {
                checkBoth();
                if (isFull() || claimed != null) {
                    return Offer.FULL;
                }
                byte[] bytes = new byte[message.length()];
                message.copyTo(MemorySegment.ofArray(bytes), 0);
                put(bytes);
                return Offer.SENT;
            } finally {
                lock.unlock();
            }
        }

        private void put(byte[] bytes) {
            counters.messages(1, bytes.length);
            queue.add(bytes);
            change();
        }

        private void checkBoth() {
            checkOpen();
            checkReceiver();
        }

        private void checkReceiver() {
            String reason = receiverEnded;
            if (reason != null) {
                throw LaneException.disconnected("the receiver is gone: " + reason,
                        LaneException.End.CLOSED);
            }
        }

        @Override
        public boolean send(OutgoingMessage message, Deadline deadline)
                throws InterruptedException {
            lock.lockInterruptibly();
            try {
                while (trySend(message) == Offer.FULL) {
                    if (!await(deadline)) {
                        return false;
                    }
                }
                return true;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public long tryClaim(int length) {
            lock.lock();
            try {
                checkBoth();
                if (isFull() || claimed != null) {
                    return RingWriter.FULL;
                }
                claimed = new byte[length];
                claimer = Thread.currentThread();
                claims++;
                claimNumber++;
                return 0;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public long claim(int length, Deadline deadline) throws InterruptedException {
            lock.lockInterruptibly();
            try {
                long index = tryClaim(length);
                while (index == RingWriter.FULL && await(deadline)) {
                    index = tryClaim(length);
                }
                return index;
            } finally {
                lock.unlock();
            }
        }

        private byte[] claimed() {
            byte[] open = claimed;
            if (open == null) {
                throw new IllegalStateException("nothing is claimed");
            }
            return open;
        }

        @Override
        public MemorySegment view() {
            return MemorySegment.ofArray(claimed());
        }

        @Override
        public void commit() {
            lock.lock();
            try {
                checkReceiver(); // not this sender: a claim can be sent after a close
                put(claimed());
            } finally {
                abort();
                lock.unlock();
            }
        }

        @Override
        public void abort() {
            lock.lock();
            try {
                claims -= claimed == null ? 0 : 1;
                claimed = null;
                change();
            } finally {
                lock.unlock();
            }
        }

        @Override
        public long claimNumber() {
            return claimNumber;
        }

        @Override
        public boolean isClaimedHere() {
            return claimed != null && Thread.currentThread().equals(claimer);
        }

        @Override
        public String describe() {
            return queued();
        }

        @Override
        public boolean isEnded() {
            return ended != null;
        }

        @Override
        public void checkOpen() {
            String reason = ended;
            if (reason != null) {
                throw new LaneException(LaneException.Kind.CLOSED, reason);
            }
        }

        @Override
        public void end(String reason) {
            lock.lock();
            try {
                if (ended == null) {
                    ended = reason;
                    senders--;
                    change();
                }
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void endForgotten(String reason) {
            end(reason);
        }

        @Override
        public @Nullable Peer reader() {
            return null;
        }

        @Override
        public boolean isExclusive() {
            return isExclusive;
        }

        @Override
        public Movable share() {
            checkOpen();
            return new Out(false);
        }

        @Override
        public Movable exclusive() {
            checkOpen();
            return new Out(true);
        }

        @Override
        public void export(Transfer transfer) {
            throw new IllegalStateException("a queue stays in its process");
        }

        @Override
        public void moved(String reason, @Nullable Peer to) {
            throw new IllegalStateException("a queue stays in its process");
        }

        @Override
        public boolean isConnected() {
            return receiverEnded == null;
        }

        @Override
        public void onDisconnect(Runnable action) {
            when(whenReceiverEnds, action);
        }
    }

    /// The way of the receiver.
    private final class In implements Incoming, IncomingMessage {

        private final Guard guard = new Guard("this receiver");
        private final Counters counters = new Counters(Counters.Side.RECEIVER);

        @Override
        public LaneSettings settings() {
            return SETTINGS;
        }

        @Override
        public @Nullable Peer peer() {
            return null;
        }

        @Override
        public Counters counters() {
            return counters;
        }

        @Override
        public String describe() {
            return queued();
        }

        @Override
        public void show(String words) {
            guard.show(words);
        }

        @Override
        public boolean isEnded() {
            return receiverEnded != null;
        }

        @Override
        public boolean hasLeft() {
            return false;
        }

        @Override
        public boolean isConnected() {
            return senders > 0;
        }

        @Override
        public void onDisconnect(Runnable action) {
            when(whenSendersEnd, action);
        }

        @Override
        public void enter(@Nullable Owner as) {
            if (isEnded() || !guard.enter(as)) {
                throw closed();
            }
        }

        private LaneException closed() {
            return new LaneException(LaneException.Kind.CLOSED, String.valueOf(receiverEnded));
        }

        @Override
        public void exit() {
            if (isEnded()) {
                guard.closeFromInside();
            } else {
                guard.exit();
            }
        }

        @Override
        public void own(Owner next) {
            enter(null);
            guard.own(next);
            exit();
        }

        @Override
        public void disown() {
            guard.own(null);
        }

        @Override
        public @Nullable IncomingMessage poll() {
            lock.lock();
            try {
                if (isEnded()) {
                    throw closed();
                }
                return queue.isEmpty() ? null : this;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public @Nullable IncomingMessage tryNext() {
            lock.lock();
            try {
                IncomingMessage found = poll();
                if (found == null && senders == 0) {
                    throw LaneException.disconnected("every sender has been closed",
                            LaneException.End.CLOSED);
                }
                return found;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public @Nullable IncomingMessage nextSignalled(Deadline patience) {
            return tryNext();
        }

        @Override
        public @Nullable IncomingMessage next(Deadline deadline) throws InterruptedException {
            lock.lockInterruptibly();
            try {
                IncomingMessage found = tryNext();
                while (found == null && await(deadline)) {
                    found = tryNext();
                }
                return found;
            } finally {
                lock.unlock();
            }
        }

        private byte[] first() {
            lock.lock();
            try {
                return queue.getFirst();
            } finally {
                lock.unlock();
            }
        }

        @Override
        public int length() {
            return first().length;
        }

        @Override
        public long member() {
            return 0;
        }

        @Override
        public List<Descriptor> takeDescriptors() {
            return List.of();
        }

        @Override
        public void copyOut(byte[] target) {
            copyOut(0, target, length());
        }

        @Override
        public void copyOut(int from, byte[] target, int count) {
            System.arraycopy(first(), from, target, 0, count);
        }

        @Override
        public MemorySegment view() {
            return MemorySegment.ofArray(first()).asReadOnly();
        }

        @Override
        public long index() {
            return view().byteSize() - first().length * JAVA_BYTE.byteSize();
        }

        @Override
        public void consume() {
            lock.lock();
            try {
                byte[] _ = queue.removeFirst();
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void consumeInBatch() {
            consume();
        }

        @Override
        public void putBack() {
            // It is still the first one.
        }

        @Override
        public void publish() {
            // Room is given back at once.
        }

        @Override
        public void count(long messages, long bytes) {
            counters.messages(messages, bytes);
        }

        @Override
        public void export(Transfer transfer) {
            throw new IllegalStateException("a queue stays in its process");
        }

        @Override
        public void notMoved() {
            throw new IllegalStateException("a queue stays in its process");
        }

        @Override
        public void moved(String reason, @Nullable Peer to) {
            throw new IllegalStateException("a queue stays in its process");
        }

        @Override
        public void end(String reason) {
            lock.lock();
            try {
                if (receiverEnded == null) {
                    receiverEnded = reason;
                    change();
                }
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close(String reason) {
            end(reason);
            while (!guard.isInside() && !guard.isClosed() && !guard.tryClose()) {
                Thread.onSpinWait();
            }
        }

        @Override
        public void endForgotten(String reason) {
            close(reason);
        }

        @Override
        public void join(Membership joined) {
            enter(null);
            belongTo(joined);
            guard.own(joined);
            exit();
        }

        private void belongTo(@Nullable Membership set) {
            lock.lock();
            try {
                member = set;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void leave(Membership left) {
            if (guard.isInside()) {
                throw new IllegalStateException("its own thread cannot take it out of its set");
            }
            while (!guard.visit()) {
                if (guard.isClosed()) {
                    left.end();
                    return;
                }
                Thread.onSpinWait();
            }
            if (guard.isOwnedBy(left)) {
                guard.own(null);
                belongTo(null);
            }
            left.end();
            exit();
        }

        @Override
        public boolean enterSoon(Membership of) {
            while (!isEnded() && !of.isOver()) {
                if (guard.tryEnter(of)) {
                    return true;
                }
                Thread.onSpinWait();
            }
            return false;
        }

        @Override
        public boolean isReady() {
            lock.lock();
            try {
                return !queue.isEmpty() || senders == 0 || isEnded();
            } finally {
                lock.unlock();
            }
        }

        /// A later message notifies the set.
        @Override
        public boolean park(Membership of) {
            return !isReady();
        }

        @Override
        public Deadline parkedUntil() {
            return Deadline.NEVER;
        }

        @Override
        public void signal() {
            // There is no socket.
        }
    }
}
