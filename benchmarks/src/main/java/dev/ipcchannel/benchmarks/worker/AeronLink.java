package dev.ipcchannel.benchmarks.worker;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Subscription;
import io.aeron.logbuffer.BufferClaim;
import io.aeron.logbuffer.FragmentHandler;
import io.aeron.logbuffer.Header;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/// Aeron IPC in its fastest form: exclusive publications, `tryClaim`, a busy-spinning reader and no
/// bounds checks.
///
/// The media driver runs in a process of its own, see [AeronDriver]; it is not on the messages'
/// way.
final class AeronLink extends CountingLink {

    private static final String CHANNEL = "aeron:ipc";
    private static final int TO_FOLLOWER = 1001;
    private static final int TO_LEADER = 1002;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final int LOOKS_A_CHECK = 1 << 16;

    private final String directory;
    private final Aeron aeron;
    private final ExclusivePublication publication;
    private final Subscription subscription;
    private final BufferClaim claim = new BufferClaim();
    private final FragmentHandler checking = this::check;
    private final FragmentHandler answering = this::checkAndAnswer;

    /// @param directory the media driver's
    AeronLink(String directory, boolean isLeader) {
        this.directory = directory;
        this.aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(directory));
        this.publication =
                aeron.addExclusivePublication(CHANNEL, isLeader ? TO_FOLLOWER : TO_LEADER);
        this.subscription = aeron.addSubscription(CHANNEL, isLeader ? TO_LEADER : TO_FOLLOWER);
    }

    @Override
    public String address() {
        return directory;
    }

    @Override
    public void open() throws InterruptedException {
        long start = System.nanoTime();
        while (!publication.isConnected() || !subscription.isConnected()) {
            if (System.nanoTime() - start > PATIENCE_NANOS) {
                throw new IllegalStateException("Aeron's ends did not find each other");
            }
            Thread.sleep(1);
        }
    }

    @Override
    public void exchange(long sequence) {
        send(sequence);
        poll(checking, 1);
    }

    @Override
    public void answer() {
        poll(answering, 1);
    }

    @Override
    public void send(long sequence) {
        while (publication.tryClaim(Payload.LENGTH, claim) < 0) {
            checkConnected(publication.isConnected());
            Thread.onSpinWait();
        }
        MutableDirectBuffer buffer = claim.buffer();
        int offset = claim.offset();
        buffer.putLong(offset, sequence);
        buffer.putLong(offset + 8, sequence + 1);
        buffer.putLong(offset + 16, sequence + 2);
        buffer.putLong(offset + 24, sequence + 3);
        buffer.putLong(offset + 32, sequence + 4);
        buffer.putLong(offset + 40, sequence + 5);
        claim.commit();
    }

    @Override
    public int drain() {
        return poll(checking, DRAIN_LIMIT);
    }

    @Override
    public void stop() {
        send(Payload.STOP);
    }

    @Override
    public void close() {
        aeron.close();
    }

    private int poll(FragmentHandler handler, int limit) {
        for (int looks = 1;; looks++) {
            int handled = subscription.poll(handler, limit);
            if (handled > 0) {
                return handled;
            }
            if (looks % LOOKS_A_CHECK == 0) {
                checkConnected(subscription.isConnected());
            }
            Thread.onSpinWait();
        }
    }

    private void check(DirectBuffer buffer, int offset, int length, Header header) {
        long found = Payload.check(buffer.getLong(offset), buffer.getLong(offset + 8),
                buffer.getLong(offset + 16), buffer.getLong(offset + 24),
                buffer.getLong(offset + 32), buffer.getLong(offset + 40), length, next());
        note(found);
    }

    private void checkAndAnswer(DirectBuffer buffer, int offset, int length, Header header) {
        check(buffer, offset, length, header);
        if (isStopped()) {
            return;
        }
        while (publication.tryClaim(length, claim) < 0) {
            checkConnected(publication.isConnected());
        }
        claim.buffer().putBytes(claim.offset(), buffer, offset, length);
        claim.commit();
    }

    private static void checkConnected(boolean isConnected) {
        if (!isConnected) {
            throw new IllegalStateException("the other process is gone");
        }
    }
}
