package dev.ipcchannel.call;

import dev.ipcchannel.internal.base.Headers;
import java.lang.ScopedValue.CallableOp;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A carrier of the same headers for each question.
///
/// @param checked the headers, which need no second check
record FixedContext(Headers checked) implements ContextCarrier {

    static final ContextCarrier NONE = new FixedContext(Headers.NONE);

    @Override
    public Map<String, String> headers() {
        return checked.values();
    }

    @Override
    public <T extends @Nullable Object, X extends Throwable> T within(Map<String, String> others,
            CallableOp<? extends T, X> handler) throws X {
        return handler.call();
    }
}
