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

/// The form of an end while it travels inside a message: words, and descriptors in their order.
///
/// Written by one process and read by another, which believes nothing: whatever is missing, too
/// much or out of bounds is a [RingViolation].
public final class Transfer {

    private long[] words = new long[8];
    private int wordCount;
    private int wordsRead;
    private final List<Descriptor> descriptors;
    private final List<Descriptor> shown; // the same, unmodifiable
    private int descriptorsRead;

    /// An empty one, to write.
    public Transfer() {
        this.descriptors = new ArrayList<>();
        this.shown = Collections.unmodifiableList(descriptors);
    }

    private Transfer(long[] words, List<Descriptor> descriptors) {
        this.words = words;
        this.wordCount = words.length;
        this.descriptors = descriptors;
        this.shown = Collections.unmodifiableList(descriptors);
    }

    /// Writes a block of bytes that does not change: its length and, where there are any, a
    /// duplicate of its file, which is the caller's to close.
    public void addBlock(long length, @Nullable Descriptor file) {
        add(length);
        if (file != null) {
            addDuplicate(file);
        }
    }

    /// Reads what [#addBlock] wrote: the length, and the file where there are bytes.
    ///
    /// @throws RingViolation if it is something else
    public Block nextBlock() {
        long length = nextWord();
        if (length < 0) {
            throw new RingViolation("a block of shared bytes has a negative length: length="
                    + length);
        }
        Descriptor file = length == 0 ? null : nextDescriptor();
        checkEnd();
        return new Block(length, file);
    }

    /// A block of bytes that does not change.
    ///
    /// @param file of the bytes; null where there are none
    public record Block(long length, @Nullable Descriptor file) {}

    /// One received, to read.
    ///
    /// @param descriptors become the reader's, each as it is taken
    public static Transfer of(long[] words, List<Descriptor> descriptors) {
        return new Transfer(words, descriptors);
    }

    /// The words written.
    public long[] words() {
        return Arrays.copyOf(words, wordCount);
    }

    /// The descriptors written; they stay their owners'.
    public List<Descriptor> descriptors() {
        return shown;
    }

    public void add(long word) {
        if (wordCount == words.length) {
            words = Arrays.copyOf(words, 2 * wordCount);
        }
        words[wordCount++] = word;
    }

    /// Adds a text: its length in bytes, then its bytes, eight a word.
    public void add(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        add(bytes.length);
        for (int i = 0; i < bytes.length; i += Long.BYTES) {
            add(word(bytes, i));
        }
    }

    private static long word(byte[] bytes, int from) {
        long word = 0;
        for (int i = Math.min(bytes.length, from + Long.BYTES) - 1; i >= from; i--) {
            word = word << 8 | (bytes[i] & 0xFF);
        }
        return word;
    }

    public void add(Descriptor descriptor) {
        descriptors.add(descriptor);
    }

    /// Adds a duplicate, which is the caller's to close from then on.
    public void addDuplicate(Descriptor descriptor) {
        Descriptor duplicate = descriptor.duplicate();
        boolean isAdded = false;
        try {
            descriptors.add(duplicate);
            isAdded = true;
        } finally {
            if (!isAdded) {
                duplicate.close();
            }
        }
    }

    public long nextWord() {
        if (wordsRead == wordCount) {
            throw new RingViolation("an end inside a message is cut short: words=" + wordCount);
        }
        return words[wordsRead++];
    }

    /// A word that counts things of which each takes at least a word or a descriptor, so that it is
    /// bounded.
    public int nextCount() {
        long count = nextWord();
        if (count < 0 || count > wordCount + descriptors.size()) {
            throw new RingViolation(
                    "an end inside a message counts more than it has: count=" + count);
        }
        return (int) count;
    }

    /// A text of at most `limit` bytes. What is not UTF-8 in it becomes something else, and compares
    /// as such.
    String nextText(int limit) {
        long length = nextWord();
        if (length < 0 || length > limit) {
            throw new RingViolation("a text inside an end is too long: length=%d, limit=%d"
                    .formatted(length, limit));
        }
        byte[] bytes = new byte[(int) length];
        long word = 0;
        for (int i = 0; i < bytes.length; i++) {
            word = i % Long.BYTES == 0 ? nextWord() : word >>> 8;
            bytes[i] = (byte) word;
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    public Descriptor nextDescriptor() {
        if (descriptorsRead == descriptors.size()) {
            throw new RingViolation("an end inside a message lacks a descriptor: descriptors="
                    + descriptors.size());
        }
        return descriptors.get(descriptorsRead++);
    }

    /// A descriptor that has to be a socket of ours; anything else could make us wait, or do worse.
    public Descriptor nextSocket() {
        Descriptor socket = nextDescriptor();
        if (!Sockets.isPacketSocket(socket)) {
            throw new RingViolation(
                    "an end inside a message is not a socket of the right kind: " + socket);
        }
        return socket;
    }

    /// Closes the descriptors that nobody has read.
    public void closeUnread() {
        Descriptor.closeAll(descriptors.subList(descriptorsRead, descriptors.size()));
        descriptorsRead = descriptors.size();
    }

    /// Checks that everything written has been read.
    public void checkEnd() {
        if (wordsRead != wordCount || descriptorsRead != descriptors.size()) {
            throw new RingViolation(
                    "an end inside a message is too long: words=%d of %d, descriptors=%d of %d"
                            .formatted(wordsRead, wordCount, descriptorsRead, descriptors.size()));
        }
    }
}
