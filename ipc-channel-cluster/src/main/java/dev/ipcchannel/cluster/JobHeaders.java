package dev.ipcchannel.cluster;

import dev.ipcchannel.call.ContextCarrier;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The carrier of a job's headers from the cluster to the worker: those of the job that the calling
/// thread is about to give to the node's set.
final class JobHeaders implements ContextCarrier {

    private static final ScopedValue<Map<String, String>> HEADERS = ScopedValue.newInstance();

    @Override
    public Map<String, String> headers() {
        return HEADERS.orElse(Map.of());
    }

    @Override
    public <T extends @Nullable Object, X extends Throwable> T within(Map<String, String> headers,
            ScopedValue.CallableOp<? extends T, X> handler) throws X {
        return ScopedValue.where(HEADERS, headers).call(handler);
    }
}
