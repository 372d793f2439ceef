package dev.ipcchannel.internal.send;

import dev.ipcchannel.internal.end.OutgoingMessage;
import dev.ipcchannel.internal.posix.Descriptor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// A copy of a message that waits on its sender's side, in one [Backlog] or in several. The last of
/// these closes the descriptors that go along.
///
/// Used under the group's lock.
final class KeptMessage {

    private final OutgoingMessage copy;
    private int holders;

    private KeptMessage(OutgoingMessage copy) {
        this.copy = copy;
    }

    /// A copy of a message; the bytes and descriptors of the original remain the caller's.
    ///
    /// @throws dev.ipcchannel.internal.posix.PosixException if there are no descriptors for it
    static KeptMessage copyOf(OutgoingMessage message) {
        byte[] bytes = new byte[message.length()];
        message.copyTo(MemorySegment.ofArray(bytes), 0);
        return new KeptMessage(OutgoingMessage.of(bytes, duplicates(message.descriptors())));
    }

    private static List<Descriptor> duplicates(List<Descriptor> descriptors) {
        if (descriptors.isEmpty()) {
            return List.of();
        }
        List<Descriptor> duplicates = new ArrayList<>(descriptors.size());
        boolean isMade = false;
        try {
            for (Descriptor descriptor : descriptors) {
                duplicates.add(descriptor.duplicate());
            }
            isMade = true;
            return duplicates;
        } finally {
            if (!isMade) {
                Descriptor.closeAll(duplicates);
            }
        }
    }

    /// The message to send.
    OutgoingMessage outgoing() {
        return copy;
    }

    int length() {
        return copy.length();
    }

    List<Descriptor> descriptors() {
        return copy.descriptors();
    }

    /// Counts one more backlog with this message. [#letGo] follows.
    void hold() {
        holders++;
    }

    /// Counts one backlog less.
    void letGo() {
        holders--;
        closeIfUnused();
    }

    /// Closes the descriptors if no backlog has the message.
    void closeIfUnused() {
        if (holders == 0) {
            Descriptor.closeAll(descriptors());
        }
    }
}
