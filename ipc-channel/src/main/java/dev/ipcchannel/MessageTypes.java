package dev.ipcchannel;

import dev.ipcchannel.internal.codec.TypeDescription;
import dev.ipcchannel.internal.wire.LaneSettings;
import org.jspecify.annotations.Nullable;

/// A comparison of the types that the two sides of a channel use for its messages. Each type is a
/// text that travels with the ends and is compared when an end arrives.
final class MessageTypes {

    private MessageTypes() {}

    /// The text for a codec: its description or, if that is longer than an end carries, its
    /// beginning and a digest.
    static String of(Codec<?> codec) {
        return TypeDescription.cut(codec.description(), LaneSettings.MAX_MESSAGE_TYPE);
    }

    /// Compares the type that an arrived end carries with the type of `codec`. An empty text on
    /// either side matches everything.
    ///
    /// @param what words for the end in the error text
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

    /// The type of a channel's messages by its user's name for it; else by the text that the
    /// channel has.
    ///
    /// @param codec of the end; null if it has none
    static String name(@Nullable Codec<?> codec, LaneSettings settings) {
        String type = settings.shownType();
        boolean isKnown = codec != null && (type.isEmpty() || named(codec) != null);
        return isKnown ? String.valueOf(codec) : type;
    }

    /// The codec if it is the library's, else null. A codec of the library knows the name of its
    /// type, and has no reference to other objects of the user.
    static @Nullable Codec<?> named(Codec<?> codec) {
        return codec instanceof KnownCodec ? codec : null;
    }
}
