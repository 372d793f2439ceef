package dev.ipcchannel.internal.send;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.base.Marks;
import dev.ipcchannel.internal.end.Counters;
import dev.ipcchannel.internal.end.Faults;
import dev.ipcchannel.internal.end.Movable;
import dev.ipcchannel.internal.end.OutgoingMessage;
import dev.ipcchannel.internal.end.Peer;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.wire.LaneException;
import dev.ipcchannel.internal.wire.LaneSettings;
import dev.ipcchannel.internal.wire.Transfer;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A sender's share in its process's [Outbox]: open until that sender is closed or moved.
public final class Share implements Movable, Faults.FaultySender {

    private final Outbox outbox;
    private volatile @Nullable String ended;

    Share(Outbox outbox) {
        this.outbox = outbox;
    }

    @Override
    public LaneSettings settings() {
        return outbox.settings();
    }

    @Override
    public int maxMessage() {
        return outbox.settings().maxMessage();
    }

    @Override
    public @Nullable Peer limiting() {
        return outbox.reader();
    }

    @Override
    public Counters counters() {
        return outbox.counters();
    }

    @Override
    public @Nullable Peer reader() {
        return outbox.reader();
    }

    @Override
    public boolean isExclusive() {
        return outbox.isExclusive();
    }

    @Override
    public Offer trySend(OutgoingMessage message) {
        return outbox.trySend(this, message) ? Offer.SENT : Offer.FULL;
    }

    @Override
    public boolean send(OutgoingMessage message, Deadline deadline) throws InterruptedException {
        return outbox.send(this, message, deadline);
    }

    @Override
    public long tryClaim(int length) {
        return outbox.tryClaim(this, length, 0);
    }

    @Override
    public long claim(int length, Deadline deadline) throws InterruptedException {
        return outbox.claim(this, length, 0, deadline);
    }

    /// Reserves room as [#tryClaim(int)] does, for a message with so many descriptors.
    public long tryClaim(int length, int descriptors) {
        return outbox.tryClaim(this, length, descriptors);
    }

    /// Reserves room as [#claim(int, Deadline)] does, for a message with so many descriptors.
    public long claim(int length, int descriptors, Deadline deadline) throws InterruptedException {
        return outbox.claim(this, length, descriptors, deadline);
    }

    /// Waits until there may be room for a message of this length, with so many descriptors,
    /// without a claim. It may return early.
    ///
    /// @return false if the deadline came first
    public boolean awaitRoom(int length, int descriptors, Deadline deadline)
            throws InterruptedException {
        return outbox.awaitRoom(this, length, descriptors, deadline);
    }

    /// Uses files for long messages that this way shares with others, as long as one thread at a
    /// time sends by all of them. Called before the first long message.
    public void useFiles(SpillPool common) {
        outbox.useFiles(common);
    }

    /// Whether a claim is worth a try; called before a message is claimed here and in the ways that
    /// share its files. Makes files that all receivers have passed usable again.
    public boolean mayClaim(int length, int descriptors) {
        return outbox.mayClaim(length, descriptors);
    }

    /// Whether the claimed payload lies in a file: the same file as for the claims of the same
    /// message in the ways that share files with this one.
    public boolean isSpilled() {
        return outbox.isSpilled();
    }

    /// Sends the descriptors of the claimed message, so that its commit cannot fail.
    ///
    /// @throws LaneException if they cannot be sent now; the room is given up
    public void sendParts(List<Descriptor> descriptors) {
        outbox.sendParts(descriptors);
    }

    @Override
    public MemorySegment view() {
        return outbox.view();
    }

    @Override
    public void commit() {
        outbox.commit();
    }

    @Override
    public void abort() {
        outbox.abort();
    }

    @Override
    public long claimNumber() {
        return outbox.claimNumber();
    }

    @Override
    public boolean isClaimedHere() {
        return outbox.isClaimedHere();
    }

    @Override
    public Marks marks() {
        return outbox.marks(this);
    }

    @Override
    public Share share() {
        return outbox.share(this);
    }

    @Override
    public Share exclusive() {
        return outbox.exclusive(this).share();
    }

    @Override
    public void export(Transfer transfer) {
        outbox.export(this, transfer);
    }

    @Override
    public void moved(String reason, @Nullable Peer to) {
        outbox.moved(this, reason, to);
    }

    @Override
    public boolean isConnected() {
        return outbox.isConnected(this);
    }

    /// Whether the receiver has read anything that was sent by this outbox.
    public boolean isAnyRead() {
        return outbox.isAnyRead();
    }

    @Override
    public void onDisconnect(Runnable action) {
        outbox.onDisconnect(this, action);
    }

    @Override
    public String describe() {
        return outbox.describe();
    }

    /// [#describe] without the number of unread bytes.
    String describeRing() {
        return outbox.describeRing();
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
        outbox.end(this, reason);
    }

    /// Ends it as [#end] does, if the open claim of another thread can only be given up: the
    /// receiver sees the end at once.
    public void endBeforeClaim(String reason) {
        outbox.endBeforeClaim(this, reason);
    }

    @Override
    public void endForgotten(String reason) {
        outbox.endForgotten(this, reason);
    }

    @Override
    public void wakeup() {
        outbox.wakeup();
    }

    @Override
    public void kill(String reason) {
        outbox.kill(this, reason);
    }

    @Override
    public void lookAtReceiver() {
        outbox.lookAtReceiver();
    }

    /// Notes for the outbox that this way has ended.
    ///
    /// @return false if it had ended before
    boolean setEnded(String reason) {
        if (ended != null) {
            return false;
        }
        ended = reason;
        return true;
    }
}
