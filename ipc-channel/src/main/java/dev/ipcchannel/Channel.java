package dev.ipcchannel;

import dev.ipcchannel.internal.base.Argument;
import dev.ipcchannel.internal.rendezvous.Ends;

/// A way for messages of one type, from any number of senders in any number of processes to one
/// receiver.
///
/// A new channel has both ends in this process. An end that is put into a message moves with it to
/// another process. A channel costs two descriptors. Each sending process has a ring of its own,
/// which costs two more descriptors in that process and two in the receiver's.
///
/// @param sender the sending end
/// @param receiver the receiving end
/// @param <T> the type of the messages
public record Channel<T>(Sender<T> sender, Receiver<T> receiver) implements AutoCloseable {

    /// @throws NullPointerException if an end is missing
    public Channel {
        Argument.given(sender, "sender");
        Argument.given(receiver, "receiver");
    }

    /// Makes a channel with the default options.
    ///
    /// @throws IllegalArgumentException if there is no codec for the type, see [Codec#of]
    /// @throws ResourceExhausted if descriptors have run out
    /// @throws UnsupportedPlatform if the library cannot run in this JVM
    public static <T> Channel<T> create(Class<T> type) {
        return create(type, ChannelOptions.defaults());
    }

    /// Makes a channel. Throws what [#create(Class)] throws.
    public static <T> Channel<T> create(Class<T> type, ChannelOptions options) {
        return create(Codec.of(type), options);
    }

    /// Makes a channel for messages of a generic type. Throws what [#create(Class)] throws.
    public static <T> Channel<T> create(TypeToken<T> type) {
        return create(type, ChannelOptions.defaults());
    }

    /// Makes a channel for messages of a generic type. Throws what [#create(Class)] throws.
    public static <T> Channel<T> create(TypeToken<T> type, ChannelOptions options) {
        return create(Codec.of(type), options);
    }

    /// Makes a channel whose messages go through `codec`, with the default options. Throws what
    /// [#create(Class)] throws.
    public static <T> Channel<T> create(Codec<T> codec) {
        return create(codec, ChannelOptions.defaults());
    }

    /// Makes a channel whose messages go through `codec`. Throws what [#create(Class)] throws.
    public static <T> Channel<T> create(Codec<T> codec, ChannelOptions options) {
        Argument.given(codec, "codec");
        Argument.given(options, "options");
        Failures.checkPlatform();
        try {
            return of(Ends.open(options.settings(codec)), codec);
        } catch (RuntimeException | OutOfMemoryError failure) {
            throw Failures.translate(failure);
        }
    }

    /// The two ends as public objects.
    static <T> Channel<T> of(Ends ends, Codec<T> codec) {
        boolean isMade = false;
        try {
            Origin origin = new Origin();
            Sender<T> sender = new Sender<>(ends.share(), codec, origin);
            Channel<T> channel =
                    new Channel<>(sender, new Receiver<>(ends.inbox(), codec, origin));
            isMade = true;
            return channel;
        } finally {
            if (!isMade) {
                ends.close();
            }
        }
    }

    /// Closes both ends. An end that has moved to another process is not affected.
    @Override
    public void close() {
        try {
            sender.close();
        } finally {
            receiver.close();
        }
    }
}
