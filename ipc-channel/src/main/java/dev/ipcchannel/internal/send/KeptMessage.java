package dev.ipcchannel.internal.send;

import dev.ipcchannel.internal.posix.Descriptor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A copy of a message that waits on its sender's side, in one [Backlog] or in several: the last of
/// them closes the descriptors that go along with it.
///
/// Used under the group's lock.
final class KeptMessage {

    private final byte[] payload;
    private final List<Descriptor> descriptors;
    private int holders;

    private KeptMessage(byte[] payload, List<Descriptor> descriptors) {
        this.payload = payload;
        this.descriptors = descriptors;
    }

    /// A copy of a message whose bytes and descriptors stay the caller's.
    ///
    /// @throws dev.ipcchannel.internal.posix.PosixException if there are no descriptors for it
    static KeptMessage copyOf(byte[] payload, int length, List<Descriptor> descriptors) {
        byte[] copy = Arrays.copyOf(payload, length);
        if (descriptors.isEmpty()) {
            return new KeptMessage(copy, List.of());
        }
        List<Descriptor> duplicates = new ArrayList<>(descriptors.size());
        boolean isMade = false;
        try {
            for (Descriptor descriptor : descriptors) {
                duplicates.add(descriptor.duplicate());
            }
            isMade = true;
        } finally {
            if (!isMade) {
                Descriptor.closeAll(duplicates);
            }
        }
        return new KeptMessage(copy, duplicates);
    }

    byte[] payload() {
        return payload;
    }

    int length() {
        return payload.length;
    }

    List<Descriptor> descriptors() {
        return descriptors;
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
            Descriptor.closeAll(descriptors);
        }
    }
}
