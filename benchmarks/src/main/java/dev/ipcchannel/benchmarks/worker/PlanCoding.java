package dev.ipcchannel.benchmarks.worker;

import dev.ipcchannel.internal.codec.ByteSink;
import dev.ipcchannel.internal.codec.ByteSource;
import dev.ipcchannel.internal.codec.EndType;
import dev.ipcchannel.internal.codec.TypePlan;

/// Ours: what the binary codec does inside a sender and a receiver.
final class PlanCoding implements Coding {

    private final TypePlan<Reading> plan =
            TypePlan.binary(Reading.class, EndType.Search.none(), null);
    private final ByteSink sink = new ByteSink();
    private final ByteSource source = new ByteSource(sink.head(), 0, 0);

    @Override
    public void encode(Reading[] readings) {
        sink.reset();
        for (Reading reading : readings) {
            plan.encode(reading, sink);
        }
    }

    @Override
    public void decode(Reading[] copies) {
        source.reset(sink.head(), 0, sink.length());
        for (int i = 0; i < copies.length; i++) {
            copies[i] = plan.decode(source);
        }
    }

    @Override
    public byte[] bytes() {
        return sink.toByteArray();
    }
}
