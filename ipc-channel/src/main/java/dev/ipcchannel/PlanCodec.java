package dev.ipcchannel;

import dev.ipcchannel.internal.codec.TypePlan;

/// A codec that the library makes for a type.
record PlanCodec<T>(TypePlan<T> plan) implements Codec<T> {

    @Override
    public void encode(T message, Encoder out) {
        plan.encode(message, out.sink());
    }

    @Override
    public T decode(Decoder in) {
        return plan.decode(in.source());
    }

    @Override
    public String description() {
        return plan.description();
    }

    @Override
    public String toString() {
        return plan.description();
    }
}
