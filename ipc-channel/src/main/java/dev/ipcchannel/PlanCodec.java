package dev.ipcchannel;

import dev.ipcchannel.internal.codec.Head;
import dev.ipcchannel.internal.codec.TypePlan;
import org.jspecify.annotations.Nullable;

/// A codec that the library makes for a type.
///
/// @param plan for the type
/// @param mayHaveEnds whether ends of channels, or shared bytes, can be in a message
/// @param movingEnd the first place of an end that has one place alone, `Order.answers` say: all have but
/// shared bytes; empty if there is none
record PlanCodec<T>(TypePlan<T> plan, boolean mayHaveEnds, String movingEnd)
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
