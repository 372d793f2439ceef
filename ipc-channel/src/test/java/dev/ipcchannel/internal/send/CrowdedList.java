package dev.ipcchannel.internal.send;

import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.wire.LaneException;
import java.util.AbstractList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;

/// The descriptors of a message that some of its lanes cannot send now: the answer there is the
/// kernel's answer where too many of the user's descriptors are in flight.
final class CrowdedList extends AbstractList<Descriptor> {

    private final List<Descriptor> descriptors;
    private final IntPredicate isCrowded;
    private final AtomicInteger sends = new AtomicInteger();

    /// @param isCrowded whether the send of this number fails; the first one is 1
    CrowdedList(List<Descriptor> descriptors, IntPredicate isCrowded) {
        this.descriptors = descriptors;
        this.isCrowded = isCrowded;
    }

    /// The number of times that a lane was about to send them.
    int sends() {
        return sends.get();
    }

    @Override
    public Descriptor get(int index) {
        return descriptors.get(index);
    }

    @Override
    public int size() {
        return descriptors.size();
    }

    /// The part of them that a send takes, without a file before.
    @Override
    public List<Descriptor> subList(int from, int to) {
        countSend();
        return descriptors.subList(from, to);
    }

    /// The part of them that a send takes, with a file before.
    @Override
    public Object[] toArray() {
        countSend();
        return descriptors.toArray();
    }

    private void countSend() {
        if (isCrowded.test(sends.incrementAndGet())) {
            throw new LaneException(LaneException.Kind.CROWDED, "crowded by the test");
        }
    }
}
