package dev.ipcchannel.torture.hostile;

import dev.ipcchannel.Receiver;
import dev.ipcchannel.Sender;
import dev.ipcchannel.SharedBytes;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The message of the storm, with a part of each kind that a peer can get wrong.
///
/// @param number of the message
/// @param text of any letters
/// @param bytes of any length
/// @param items whose hash codes the peer chooses
/// @param senders of the peer's channels
/// @param receivers of the peer's channels, with the messages in them
/// @param shared memory of the peer
@SuppressWarnings("ArrayRecordComponent") // never compared
record Load(long number, String text, byte[] bytes, Set<Item> items, List<Sender<String>> senders,
        List<Receiver<String>> receivers, Optional<SharedBytes> shared) {

    /// An element.
    ///
    /// @param one number
    /// @param other number
    record Item(int one, int other) {}

    /// The ends that a peer sends when it connects.
    ///
    /// @param toChild to the hostile child
    /// @param fromChild from the hostile child
    record Talk(Sender<Load> toChild, Receiver<Load> fromChild) {}
}
