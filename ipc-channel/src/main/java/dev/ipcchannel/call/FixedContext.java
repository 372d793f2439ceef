package dev.ipcchannel.call;

import java.lang.ScopedValue.CallableOp;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A carrier of the same headers for each question.
record FixedContext(Map<String, String> headers) implements ContextCarrier {

    static final ContextCarrier NONE = new FixedContext(Map.of());

    @Override
    public <T extends @Nullable Object, X extends Throwable> T within(Map<String, String> others,
            CallableOp<? extends T, X> handler) throws X {
        return handler.call();
    }
}
