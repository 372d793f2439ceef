package dev.ipcchannel.internal.send;

import dev.ipcchannel.internal.end.OutgoingMessage;
import dev.ipcchannel.internal.posix.Descriptor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// A copy of a message that waits on its sender's side, in one [Backlog] or in several: the last of
/// them closes the descriptors that go along with it.
///
/// Used under the group's lock.
final class KeptMessage {

    private final OutgoingMessage copy;
    private int holders;

    private KeptMessage(OutgoingMessage copy) {
        this.copy = copy;
    }

    /// A copy of a message whose bytes and descriptors stay the caller's.
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

    /// What is sent.
    OutgoingMessage outgoing() {
        return copy;
    }

    int length() {
        return copy.length();
    }

    List<Descriptor> descriptors() {
        return copy.descriptors();
    }

    /// One more backlog has it. [#letGo] follows.
    void hold() {
        holders++;
    }

    /// A backlog has it no more.
    void letGo() {
        holders--;
        closeIfUnused();
    }

    /// Closes what goes along, if no backlog has it.
    void closeIfUnused() {
        if (holders == 0) {
            Descriptor.closeAll(descriptors());
        }
    }
}
