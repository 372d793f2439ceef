package dev.ipcchannel;

import dev.ipcchannel.internal.codec.EndType;
import dev.ipcchannel.internal.codec.EndWords;
import dev.ipcchannel.internal.wire.Transfer;

/// One kind of thing that travels beside the bytes of a message: an end of a channel, or shared bytes.
///
/// @param <E> the class
abstract class EndKind<E> implements EndType {

    static final EndKind<OpaqueSender> OPAQUE_SENDER =
            new EndKind<>(OpaqueSender.class, "opaqueSender") {
                @Override
                EndWords board(OpaqueSender end, Encoder out) {
                    return out.board(end);
                }

                @Override
                OpaqueSender arrive(Transfer transfer, Decoder in) {
                    return in.takeOpaqueSender(transfer);
                }
            };

    static final EndKind<OpaqueReceiver> OPAQUE_RECEIVER =
            new EndKind<>(OpaqueReceiver.class, "opaqueReceiver") {
                @Override
                EndWords board(OpaqueReceiver end, Encoder out) {
                    return out.board(end);
                }

                @Override
                OpaqueReceiver arrive(Transfer transfer, Decoder in) {
                    return in.takeOpaqueReceiver(transfer);
                }
            };

    static final EndKind<SharedBytes> SHARED_BYTES =
            new EndKind<>(SharedBytes.class, "sharedBytes") {
                @Override
                EndWords board(SharedBytes end, Encoder out) {
                    return out.board(end);
                }

                @Override
                SharedBytes arrive(Transfer transfer, Decoder in) {
                    return in.takeSharedBytes(transfer);
                }
            };

    private final Class<E> raw;
    private final String description;

    private EndKind(Class<E> raw, String description) {
        this.raw = raw;
        this.description = description;
    }

    /// A sender of messages whose codec the other side's word for them chooses.
    ///
    /// @param path where it is in a message, for messages to people
    @SuppressWarnings({"unchecked", "rawtypes"}) // a class has no arguments
    static <T> EndKind<Sender<T>> sender(Decoder.CodecChoice<T> choice, String path) {
        return new EndKind<>((Class<Sender<T>>) (Class) Sender.class, "sender") {
            @Override
            EndWords board(Sender<T> end, Encoder out) {
                return out.board(end);
            }

            @Override
            Sender<T> arrive(Transfer transfer, Decoder in) {
                return in.takeSender(transfer, choice, path);
            }
        };
    }

    /// A receiver of messages whose codec the other side's word for them chooses.
    ///
    /// @param path where it is in a message, for messages to people
    @SuppressWarnings({"unchecked", "rawtypes"}) // a class has no arguments
    static <T> EndKind<Receiver<T>> receiver(Decoder.CodecChoice<T> choice, String path) {
        return new EndKind<>((Class<Receiver<T>>) (Class) Receiver.class, "receiver") {
            @Override
            EndWords board(Receiver<T> end, Encoder out) {
                return out.board(end);
            }

            @Override
            Receiver<T> arrive(Transfer transfer, Decoder in) {
                return in.takeReceiver(transfer, choice, path);
            }
        };
    }

    @Override
    public Class<?> raw() {
        return raw;
    }

    @Override
    public String description() {
        return description;
    }

    /// Takes `end`, which is one of this kind, along.
    EndWords depart(Object end, Encoder out) {
        return board(raw.cast(end), out);
    }

    abstract EndWords board(E end, Encoder out);

    /// Makes an end of what has arrived.
    abstract E arrive(Transfer transfer, Decoder in);
}
