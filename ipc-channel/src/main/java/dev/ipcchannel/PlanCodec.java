package dev.ipcchannel;

import dev.ipcchannel.internal.codec.Head;
import dev.ipcchannel.internal.codec.TypePlan;
import org.jspecify.annotations.Nullable;

/// A codec that the library makes for a type.
///
/// @param plan for the type
/// @param mayHaveEnds whether ends of channels, or shared bytes, can be in a message
/// @param mayMoveEnds whether ends that have one place alone can be: all but shared bytes
record PlanCodec<T>(TypePlan<T> plan, boolean mayHaveEnds, boolean mayMoveEnds)
        implements Codec<T> {

    @Override
    public void encode(T message, Encoder out) {
        plan.encode(message, out.sink());
    }

    @Override
    public T decode(Decoder in) {
        return plan.decode(in.source());
    }

    @Override
    public @Nullable MessageHead head(Decoder in) {
        Head head = plan.head(in.source());
        return head == null ? null : new MessageHead(head.type(), head.number());
    }

    @Override
    public String description() {
        return plan.description();
    }

    @Override
    public String toString() {
        return plan.name();
    }
}
