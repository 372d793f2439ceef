package dev.ipcchannel.internal.receive;

import dev.ipcchannel.internal.base.Marks;
import dev.ipcchannel.internal.end.EndMarks;
import dev.ipcchannel.internal.end.IncomingMessage;
import dev.ipcchannel.internal.posix.Descriptor;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The message that an [Arrivals] has found. It lies in a lane, which other packages do not see.
///
/// It keeps the lane until a message of another lane is found. If the lane has ended meanwhile, its
/// memory is closed.
final class FoundMessage implements IncomingMessage {

    private final Arrivals arrivals;
    private @Nullable InboundLane lane;
    private @Nullable EndMarks marks; // made by the first call for them

    FoundMessage(Arrivals arrivals) {
        this.arrivals = arrivals;
    }

    /// Stands for the found message of `found` from now on.
    FoundMessage at(InboundLane found) {
        if (lane != found) { // mostly equal: a store costs the collector's barrier
            change(found);
        }
        return this;
    }

    private void change(InboundLane found) {
        if (marks != null) {
            marks.use(found.marks()); // first: if it fails, the message is found again
        }
        lane = found;
    }

    /// The marks of the lane of this message and of the lanes of later ones.
    Marks marks() {
        EndMarks current = marks;
        if (current == null) {
            current = new EndMarks();
            if (lane != null) {
                current.use(lane.marks());
            }
            marks = current;
        }
        return current;
    }

    private InboundLane lane() {
        InboundLane current = lane;
        if (current == null) {
            throw new IllegalStateException("no message was found");
        }
        return current;
    }

    @Override
    public int length() {
        return lane().payloadLength();
    }

    @Override
    public long member() {
        return lane().member();
    }

    @Override
    public List<Descriptor> takeDescriptors() {
        return arrivals.takeDescriptors(lane());
    }

    @Override
    public void copyOut(byte[] target) {
        lane().copyOut(target);
    }

    @Override
    public void copyOut(int from, byte[] target, int count) {
        lane().copyOut(from, target, count);
    }

    @Override
    public MemorySegment view() {
        return lane().view();
    }

    @Override
    public long index() {
        return lane().payloadIndex();
    }

    @Override
    public void consume() {
        lane().consume();
    }

    @Override
    public void consumeInBatch() {
        lane().consumeInBatch();
    }

    @Override
    public void putBack() {
        arrivals.putBackAt(lane());
    }
}
