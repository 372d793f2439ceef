package dev.ipcchannel.named;

import dev.ipcchannel.Codec;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.internal.base.Argument;

/// A sender and a receiver of one name, opened by one call. Its receiver gets the messages of its
/// own sender as well as those of all other senders of that name.
///
/// @param sender to all receivers of the name
/// @param receiver from all senders of the name
/// @param <T> the type of the messages
public record NamedChannel<T>(NamedSender<T> sender, NamedReceiver<T> receiver)
        implements AutoCloseable {

    /// @throws NullPointerException if an end is missing
    public NamedChannel {
        Argument.given(sender, "sender");
        Argument.given(receiver, "receiver");
    }

    /// Opens both ends of a name for messages of `type` with the default options. Throws what
    /// [NamedReceiver#open(String, Class)] throws.
    public static <T> NamedChannel<T> open(String name, Class<T> type)
            throws InterruptedException {
        return open(name, type, NamedOptions.defaults());
    }

    /// Opens both ends of a name for messages of `type`. Throws what [NamedReceiver#open(String,
    /// Class)] throws.
    public static <T> NamedChannel<T> open(String name, Class<T> type, NamedOptions options)
            throws InterruptedException {
        return open(name, Codec.of(type), options);
    }

    /// Opens both ends of a name for messages of a generic type with the default options. Throws
    /// what [NamedReceiver#open(String, Class)] throws.
    public static <T> NamedChannel<T> open(String name, TypeToken<T> type)
            throws InterruptedException {
        return open(name, type, NamedOptions.defaults());
    }

    /// Opens both ends of a name for messages of a generic type. Throws what
    /// [NamedReceiver#open(String, Class)] throws.
    public static <T> NamedChannel<T> open(String name, TypeToken<T> type, NamedOptions options)
            throws InterruptedException {
        return open(name, Codec.of(type), options);
    }

    /// Opens both ends of a name for messages that go through `codec`. Throws what
    /// [NamedReceiver#open(String, Class)] throws.
    public static <T> NamedChannel<T> open(String name, Codec<T> codec, NamedOptions options)
            throws InterruptedException {
        NamedReceiver<T> receiver = NamedReceiver.open(name, codec, options);
        boolean isOpen = false;
        try {
            NamedChannel<T> channel =
                    new NamedChannel<>(NamedSender.open(name, codec, options), receiver);
            isOpen = true;
            return channel;
        } finally {
            if (!isOpen) {
                receiver.close();
            }
        }
    }

    /// Closes both ends.
    @Override
    public void close() {
        try {
            sender.close();
        } finally {
            receiver.close();
        }
    }
}
