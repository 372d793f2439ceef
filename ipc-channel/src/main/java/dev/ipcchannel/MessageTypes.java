package dev.ipcchannel;

import dev.ipcchannel.internal.codec.TypeDescription;
import dev.ipcchannel.internal.wire.LaneSettings;
import org.jspecify.annotations.Nullable;

/// The meaning of a channel's messages to each of its two sides, as a text that travels with the
/// ends and is compared where an end arrives.
final class MessageTypes {

    private MessageTypes() {}

    /// The text for a codec: its description or, where that is longer than an end carries, its
    /// beginning and a digest.
    static String of(Codec<?> codec) {
        return TypeDescription.cut(codec.description(), LaneSettings.MAX_MESSAGE_TYPE);
    }

    /// Compares what an end that has arrived carries with what it is taken for. Where one side does
    /// not say what it means, there is nothing to compare.
    ///
    /// @param what the end, for the message
    /// @throws TypeMismatch if they differ
    static void check(Codec<?> codec, String theirs, String what) {
        String ours = of(codec);
        if (!ours.isEmpty() && !theirs.isEmpty() && !ours.equals(theirs)) {
            throw new TypeMismatch(("the two sides of %s differ in the type of its messages: %s:"
                    + " give both the same one").formatted(what,
                            TypeDescription.difference(ours, theirs, Codecs.name(codec), "there")),
                    ours, theirs);
        }
    }

    /// The type of a channel's messages, by the name that its user has for it; where that is not
    /// known, what the channel says of it.
    ///
    /// @param codec of the end; null if it has none
    static String name(@Nullable Codec<?> codec, LaneSettings settings) {
        String type = settings.shownType();
        boolean isKnown = codec != null && (type.isEmpty() || named(codec) != null);
        return isKnown ? String.valueOf(codec) : type;
    }

    /// The codec, if it is one of the library's: such a one knows the name of its type, and holds
    /// nothing else of a user's.
    static @Nullable Codec<?> named(Codec<?> codec) {
        return codec instanceof KnownCodec ? codec : null;
    }
}
