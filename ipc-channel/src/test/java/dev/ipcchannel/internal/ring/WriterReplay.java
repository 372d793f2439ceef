package dev.ipcchannel.internal.ring;

import dev.ipcchannel.internal.ring.RecordingMemory.Store;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A recorded writer that sends a few messages and closes, with every state in which a reader can
/// find its ring when the writer dies.
final class WriterReplay {

    private static final int CAPACITY = ReplayRegion.CAPACITY;
    // Bytes that must never be visible, over a header's place.
    private static final int GIVEN_UP = 64;

    /// A message as it was recorded: the position after it, and the store that commits it.
    private record Sent(int length, long next, int commit) {}

    private final long start;
    private final ReplayRegion region;
    private final List<Sent> sent = new ArrayList<>();
    private final List<Integer> readBefore = new ArrayList<>(); // messages read, for each store
    private List<Store> stores = List.of();
    private long states;

    private WriterReplay(long start) {
        this.start = start;
        this.region = new ReplayRegion(start);
    }

    /// Records a writer that starts at `start`, with a reader that lets `unread` messages wait, or
    /// fewer where the ring is full.
    ///
    /// @param givenUp how many long claims the writer gives up, each before one of the last
    ///     messages
    static WriterReplay record(long start, List<Integer> lengths, int unread, int givenUp) {
        WriterReplay replay = new WriterReplay(start);
        replay.send(lengths, unread, givenUp);
        return replay;
    }

    private void send(List<Integer> lengths, int unread, int givenUp) {
        RecordingMemory recording = new RecordingMemory(region.memory());
        RingWriter writer = new RingWriter(recording, CAPACITY, start);
        RingReader reader = new RingReader(region.memory(), CAPACITY, start);
        int read = 0;
        for (int length : lengths) {
            boolean givesUp = lengths.size() - sent.size() <= givenUp;
            if (givesUp && writer.claim(GIVEN_UP) != RingWriter.FULL) {
                writer.copyIn(0, ReplayRegion.payload(GIVEN_UP, GIVEN_UP), GIVEN_UP);
                writer.abort();
            }
            while (writer.claim(length) == RingWriter.FULL) {
                writer.arm(length);
                note(recording, read);
                receive(reader);
                read++;
                writer.disarm();
            }
            writer.copyIn(0, ReplayRegion.payload(sent.size(), length), length);
            writer.commit(0, 0);
            sent.add(new Sent(length, writer.position(), recording.stores().size() - 1));
            note(recording, read);
            if (sent.size() - read > unread) {
                receive(reader);
                read++;
            }
        }
        writer.close();
        note(recording, read);
        stores = List.copyOf(recording.stores());
    }

    private void note(RecordingMemory recording, int read) {
        while (readBefore.size() < recording.stores().size()) {
            readBefore.add(read);
        }
    }

    private static void receive(RingReader reader) {
        if (!reader.poll()) {
            throw new AssertionError("nothing to read: position=" + reader.position());
        }
        reader.consume();
        reader.publish();
    }

    /// Changes the recorded stores, to see that they matter.
    WriterReplay with(UnaryOperator<Store> mutant) {
        stores = stores.stream().map(mutant).toList();
        return this;
    }

    /// The number of states that have been looked at.
    long states() {
        return states;
    }

    /// Lets the writer die before each of its stores and after the last, and a reader find each set
    /// of stores that can be visible then.
    ///
    /// @return what is wrong with the first state where something is
    @Nullable
    String firstFlaw() {
        for (int made = 0; made <= stores.size(); made++) {
            int read = made == 0 ? 0 : readBefore.get(made - 1);
            int seen = read == 0 ? 0 : sent.get(read - 1).commit() + 1;
            for (int visible : VisibleStores.of(stores.subList(0, made), seen)) {
                states++;
                String flaw = flaw(read, visible, VisibleStores.first(made));
                if (flaw != null) {
                    return "%s: start=%d, sent=%s, made=%d, read=%d, visible=%s".formatted(flaw,
                            start, sent, made, read, Integer.toBinaryString(visible));
                }
            }
        }
        return null;
    }

    /// What goes wrong for a reader that has read `read` messages, sees some stores, reads what
    /// there is, and only then sees the others.
    private @Nullable String flaw(int read, int visible, int made) {
        long position = read == 0 ? start : sent.get(read - 1).next();
        RingReader survivor = new RingReader(region.memory(), CAPACITY, position);
        try {
            region.reset(stores, visible);
            String flaw = flawOfReading(survivor, read, visible);
            if (flaw != null) {
                return flaw;
            }
            region.reset(stores, made);
            return flawOfReading(survivor, committed(visible), made);
        } catch (RingViolation violation) {
            return "violation, " + violation.getMessage();
        }
    }

    private @Nullable String flawOfReading(RingReader survivor, int read, int visible) {
        int committed = committed(visible);
        for (int number = read; number < committed; number++) {
            if (!survivor.poll()) {
                return "message " + number + " is not found";
            }
            byte[] found = new byte[survivor.payloadLength()];
            survivor.copyOut(found, 0);
            if (!Arrays.equals(found, ReplayRegion.payload(number, sent.get(number).length()))) {
                return "message " + number + " is not whole";
            }
            survivor.consume();
        }
        if (survivor.poll()) {
            return "a record that was not committed is found";
        }
        boolean isEnded = VisibleStores.holds(visible, stores.size() - 1);
        if (survivor.isEnded() != isEnded || (isEnded && committed < sent.size())) {
            return "the end comes at the wrong place";
        }
        return null;
    }

    /// The number of messages that a set of stores shows.
    private int committed(int visible) {
        int count = 0;
        while (count < sent.size() && VisibleStores.holds(visible, sent.get(count).commit())) {
            count++;
        }
        return count;
    }
}
