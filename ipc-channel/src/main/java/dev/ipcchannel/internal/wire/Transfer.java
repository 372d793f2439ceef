package dev.ipcchannel.internal.wire;

import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.internal.ring.RingViolation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The form of an end while it moves in a message: words of eight bytes, and descriptors, in order.
/// The class of an end writes and reads it as plain values; only this class knows the words.
///
/// ```text
///                 words                                           descriptors
///     sender      settings                                        announcement socket, to write
///     receiver    settings, has ended, has lost a lane, lanes;    announcement socket, to read;
///                 of each lane: capacity, position,               region, lane socket;
///                 next file (modulo 64), files;
///                 of each file: id, capacity                      the file
///     block       length                                          the file, unless it is empty
///
///     settings    capacity, spin (ns), longest message, message type
///     text        length, and its UTF-8, eight bytes a word
/// ```
///
/// Capacities, positions and lengths are in bytes. Words of another process are not trusted: a
/// missing or surplus one, or one out of bounds, is a [RingViolation].
public final class Transfer {

    private long[] words = new long[8];
    private int wordCount;
    private int wordsRead;
    private final List<Descriptor> descriptors;
    private final List<Descriptor> shown; // the same, unmodifiable
    private int descriptorsRead;

    /// An empty transfer, to write one end into.
    public Transfer() {
        this(new ArrayList<>());
    }

    private Transfer(List<Descriptor> descriptors) {
        this.descriptors = descriptors;
        this.shown = Collections.unmodifiableList(descriptors);
    }

    /// A received transfer, to read.
    ///
    /// @param descriptors become the reader's, one by one as they are read
    public static Transfer of(long[] words, List<Descriptor> descriptors) {
        Transfer received = new Transfer(descriptors);
        received.words = words;
        received.wordCount = words.length;
        return received;
    }

    /// A sender.
    ///
    /// @param announcement the writing end of its channel's announcement socket
    public record Sender(LaneSettings settings, Descriptor announcement) {}

    /// A receiver.
    ///
    /// @param announcement the reading end of its channel's announcement socket
    /// @param hasEnded whether nothing more is announced there
    /// @param hasLostLane whether a lane has ended with its sender's process
    public record Receiver(LaneSettings settings, Descriptor announcement, boolean hasEnded,
            boolean hasLostLane, List<Lane> lanes) {}

    /// A receiver's lane.
    ///
    /// @param position of the next record to read
    /// @param nextFile the number of the next spill file to come, modulo 64
    /// @param files of long messages that are known
    public record Lane(long capacity, long position, Descriptor region, Descriptor socket,
            int nextFile, List<File> files) {}

    /// A spill file of a lane.
    public record File(long id, long capacity, Descriptor descriptor) {}

    /// A block of bytes that does not change.
    ///
    /// @param file of the bytes; null if there are none
    public record Block(long length, @Nullable Descriptor file) {}

    /// The words written.
    public long[] words() {
        return Arrays.copyOf(words, wordCount);
    }

    /// The descriptors written. Those of a receiver remain the receiver's; all others are closed by
    /// way of this list, whether they were sent or not.
    public List<Descriptor> descriptors() {
        return shown;
    }

    /// Writes a sender. Takes the sender's descriptor over, and closes it if the write fails.
    public void write(Sender sender) {
        boolean isWritten = false; // no lambda for both methods: it would be an allocation
        try {
            add(sender.settings());
            descriptors.add(sender.announcement());
            isWritten = true;
        } finally {
            closeUnless(isWritten, sender.announcement());
        }
    }

    /// Writes a receiver.
    public void write(Receiver receiver) {
        add(receiver.settings());
        descriptors.add(receiver.announcement());
        add(receiver.hasEnded() ? 1 : 0);
        add(receiver.hasLostLane() ? 1 : 0);
        add(receiver.lanes().size());
        for (Lane lane : receiver.lanes()) {
            add(lane.capacity());
            add(lane.position());
            descriptors.add(lane.region());
            descriptors.add(lane.socket());
            add(lane.nextFile());
            add(lane.files().size());
            for (File file : lane.files()) {
                add(file.id());
                add(file.capacity());
                descriptors.add(file.descriptor());
            }
        }
    }

    /// Writes a block. Takes the block's descriptor over, and closes it if the write fails.
    public void write(Block block) {
        boolean isWritten = false;
        try {
            add(block.length());
            if (block.file() != null) {
                descriptors.add(block.file());
            }
            isWritten = true;
        } finally {
            closeUnless(isWritten, block.file());
        }
    }

    private void add(LaneSettings settings) {
        add(settings.capacity());
        add(settings.spinNanos());
        add(settings.maxMessage());
        byte[] type = settings.messageType().getBytes(StandardCharsets.UTF_8);
        add(type.length);
        for (int i = 0; i < type.length; i += Long.BYTES) {
            add(word(type, i));
        }
    }

    private static long word(byte[] bytes, int from) {
        long word = 0;
        for (int i = Math.min(bytes.length, from + Long.BYTES) - 1; i >= from; i--) {
            word = word << 8 | (bytes[i] & 0xFF);
        }
        return word;
    }

    private void add(long word) {
        if (wordCount == words.length) {
            words = Arrays.copyOf(words, 2 * wordCount);
        }
        words[wordCount++] = word;
    }

    private static void closeUnless(boolean isWritten, @Nullable Descriptor taken) {
        if (!isWritten && taken != null) {
            taken.close();
        }
    }

    /// Reads a sender.
    ///
    /// @throws RingViolation if it is another kind of end
    /// @throws LaneException if its settings are out of bounds
    public Sender readSender() {
        Sender sender = new Sender(nextSettings(), nextSocket());
        checkEnd();
        return sender;
    }

    /// Reads a receiver. Throws as [#readSender] does.
    public Receiver readReceiver() {
        Receiver receiver = new Receiver(nextSettings(), nextSocket(), nextWord() != 0,
                nextWord() != 0, new ArrayList<>());
        for (int more = nextCount(); more > 0; more--) {
            receiver.lanes().add(nextLane());
        }
        checkEnd();
        return receiver;
    }

    private Lane nextLane() {
        Lane lane = new Lane(nextWord(), nextWord(), nextDescriptor(), nextDescriptor(),
                nextFileNumber(), new ArrayList<>());
        for (int more = nextCount(); more > 0; more--) {
            lane.files().add(new File(nextWord(), nextWord(), nextDescriptor()));
        }
        return lane;
    }

    private int nextFileNumber() {
        long number = nextWord();
        if (number < 0 || number >= SpillLayout.MAX_FILES) {
            throw new RingViolation("number of the next spill file is out of bounds: number="
                    + number);
        }
        return (int) number;
    }

    /// Reads a block.
    ///
    /// @throws RingViolation if it is another kind of end
    public Block readBlock() {
        long length = nextWord();
        if (length < 0) {
            throw new RingViolation("a block of shared bytes has a negative length: length="
                    + length);
        }
        Block block = new Block(length, length == 0 ? null : nextDescriptor());
        checkEnd();
        return block;
    }

    private LaneSettings nextSettings() {
        return new LaneSettings((int) nextWord(), nextWord(), (int) nextWord(), nextType());
    }

    /// Reads a message type. Bytes that are not UTF-8 become replacement characters, and compare
    /// so.
    private String nextType() {
        long length = nextWord();
        if (length < 0 || length > LaneSettings.MAX_MESSAGE_TYPE) {
            throw new RingViolation("a text inside an end is too long: length=%d, limit=%d"
                    .formatted(length, LaneSettings.MAX_MESSAGE_TYPE));
        }
        byte[] bytes = new byte[(int) length];
        long word = 0;
        for (int i = 0; i < bytes.length; i++) {
            word = i % Long.BYTES == 0 ? nextWord() : word >>> 8;
            bytes[i] = (byte) word;
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private long nextWord() {
        if (wordsRead == wordCount) {
            throw new RingViolation("an end inside a message is cut short: words=" + wordCount);
        }
        return words[wordsRead++];
    }

    /// Reads a number of elements. Each element takes at least a word or a descriptor, so the
    /// number is bounded.
    private int nextCount() {
        long count = nextWord();
        if (count < 0 || count > wordCount + descriptors.size()) {
            throw new RingViolation(
                    "an end inside a message counts more than it has: count=" + count);
        }
        return (int) count;
    }

    private Descriptor nextDescriptor() {
        if (descriptorsRead == descriptors.size()) {
            throw new RingViolation("an end inside a message lacks a descriptor: descriptors="
                    + descriptors.size());
        }
        return descriptors.get(descriptorsRead++);
    }

    /// Reads a descriptor that has to be a socket of this library: on any other, a call could wait,
    /// or worse.
    private Descriptor nextSocket() {
        Descriptor socket = nextDescriptor();
        if (!Sockets.isPacketSocket(socket)) {
            throw new RingViolation(
                    "an end inside a message is not a socket of the right kind: " + socket);
        }
        return socket;
    }

    private void checkEnd() {
        if (wordsRead != wordCount || descriptorsRead != descriptors.size()) {
            throw new RingViolation(
                    "an end inside a message is too long: words=%d of %d, descriptors=%d of %d"
                            .formatted(wordsRead, wordCount, descriptorsRead, descriptors.size()));
        }
    }

    /// Closes the descriptors that were not read.
    public void closeUnread() {
        Descriptor.closeAll(descriptors.subList(descriptorsRead, descriptors.size()));
        descriptorsRead = descriptors.size();
    }
}
