package dev.ipcchannel.named;

import dev.ipcchannel.Codec;
import dev.ipcchannel.internal.base.Argument;
import dev.ipcchannel.internal.receive.Gaps;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/// The state that all connections of one broadcast channel have in common.
///
/// @param type the form of the channel
/// @param name under which it is open
/// @param codec of the messages themselves
/// @param options that the channel was opened with
/// @param gaps the messages that are missing at this channel
/// @param receiving the lock of the thread that receives
/// @param dropped the number of its own messages that were dropped
/// @param <T> the type of the messages
record Broadcast<T>(ChannelType type, String name, Codec<T> codec, BroadcastOptions options,
        Gaps gaps, ReentrantLock receiving, AtomicLong dropped) {

    static <T> Broadcast<T> of(ChannelType type, String name, Codec<T> codec,
            BroadcastOptions options) {
        return new Broadcast<>(Argument.given(type, "type"), name, Argument.given(codec, "codec"),
                Argument.given(options, "options"), new Gaps(name), new ReentrantLock(),
                new AtomicLong());
    }

    /// The word for the channel's form in an entry.
    String form() {
        return type.name().toLowerCase(Locale.ROOT);
    }
}
