package dev.ipcchannel.internal.ring;

import dev.ipcchannel.internal.ring.RecordingMemory.Store;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A recorded reader that sleeps, reads a few messages, and closes, with every state in which a
/// writer can find its words when the reader dies.
///
/// All stores of a reader are releases, so that they become visible one after the other: the states
/// are the prefixes.
final class ReaderReplay {

    private static final int CAPACITY = ReplayRegion.CAPACITY;
    private static final int FIRST_MESSAGES = 3;
    private static final int MOST_MESSAGES = CAPACITY / RecordHeader.ALIGNMENT; // as a ring holds

    private final long start;
    private final List<Integer> lengths; // taken in turn
    private final ReplayRegion region;
    private final List<Store> stores;
    private final List<Long> ends = new ArrayList<>(); // the positions after the messages sent
    private long states;

    private ReaderReplay(long start, List<Integer> lengths) {
        this.start = start;
        this.lengths = lengths;
        this.region = new ReplayRegion(start);
        this.stores = recordedStores();
    }

    /// Records a reader that starts at `start` and reads the first messages of these lengths, as
    /// many as the ring holds.
    static ReaderReplay record(long start, List<Integer> lengths) {
        return new ReaderReplay(start, lengths);
    }

    private List<Store> recordedStores() {
        send(new RingWriter(region.memory(), CAPACITY, start), FIRST_MESSAGES);
        RecordingMemory recording = new RecordingMemory(region.memory());
        RingReader reader = new RingReader(recording, CAPACITY, start);
        reader.arm();
        reader.disarm();
        for (int read = 0; read < ends.size() && reader.poll(); read++) {
            reader.consume();
            reader.publish();
        }
        reader.close();
        return List.copyOf(recording.stores());
    }

    /// Whether every store becomes visible after those before it.
    boolean isInOrder() {
        return stores.stream().allMatch(Store::isRelease);
    }

    /// The number of states that have been looked at.
    long states() {
        return states;
    }

    /// Lets the reader die before each of its stores and after the last, and a writer go on.
    ///
    /// @return what is wrong with the first state where something is
    @Nullable
    String firstFlaw() {
        for (int visible = 0; visible <= stores.size(); visible++) {
            states++;
            String flaw = flaw(visible);
            if (flaw != null) {
                return "%s: start=%d, lengths=%s, visible=%d".formatted(flaw, start, lengths,
                        visible);
            }
        }
        return null;
    }

    /// What goes wrong for a writer that sees some of the stores, fills the ring, and only then
    /// sees the others.
    private @Nullable String flaw(int visible) {
        region.reset();
        ends.clear();
        RingWriter survivor = new RingWriter(region.memory(), CAPACITY, start);
        send(survivor, FIRST_MESSAGES);
        try {
            region.apply(stores.subList(0, visible));
            String flaw = flawOfWriting(survivor, visible == stores.size());
            if (flaw != null) {
                return flaw;
            }
            region.apply(stores.subList(visible, stores.size()));
            return flawOfWriting(survivor, true);
        } catch (RingViolation violation) {
            return "violation, " + violation.getMessage();
        }
    }

    private @Nullable String flawOfWriting(RingWriter survivor, boolean isReaderClosed) {
        send(survivor, ends.size() + MOST_MESSAGES);
        boolean isFull = survivor.arm(nextLength());
        survivor.disarm();
        if (!isFull) {
            return "room that a claim does not find";
        }
        if (survivor.isReaderClosed() != isReaderClosed) {
            return "the close comes at the wrong place";
        }
        return flawOfReading(new RingReader(region.memory(), CAPACITY, survivor.readerPosition()));
    }

    /// What is wrong with the messages that the dead reader has left, and with those after them.
    private @Nullable String flawOfReading(RingReader successor) {
        int first = ends.indexOf(successor.position()) + 1;
        for (int number = first; number < ends.size(); number++) {
            if (!successor.poll()) {
                return "message " + number + " is not found";
            }
            byte[] found = new byte[successor.payloadLength()];
            successor.copyOut(found, 0);
            if (!Arrays.equals(found, ReplayRegion.payload(number, length(number)))) {
                return "message " + number + " is overwritten";
            }
            successor.consume();
        }
        return successor.poll() ? "a record that nobody sent is found" : null;
    }

    private void send(RingWriter writer, int limit) {
        while (ends.size() < limit && writer.claim(nextLength()) != RingWriter.FULL) {
            byte[] payload = ReplayRegion.payload(ends.size(), nextLength());
            writer.copyIn(0, payload, payload.length);
            writer.commit(0, 0);
            ends.add(writer.position());
        }
    }

    private int nextLength() {
        return length(ends.size());
    }

    private int length(int number) {
        return lengths.get(number % lengths.size());
    }
}
