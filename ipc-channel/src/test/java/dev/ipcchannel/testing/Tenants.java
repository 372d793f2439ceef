package dev.ipcchannel.testing;

import dev.ipcchannel.call.ContextCarrier;
import java.lang.ScopedValue.CallableOp;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A carrier of a name, from one process to another.
public final class Tenants implements ContextCarrier {

    private static final ScopedValue<String> TENANT = ScopedValue.newInstance();

    /// The name that the calling thread works for.
    public static String current() {
        return TENANT.orElse("none");
    }

    /// Calls `action` for that name.
    public static <T extends @Nullable Object, X extends Throwable> T with(String tenant,
            CallableOp<? extends T, X> action) throws X {
        return ScopedValue.where(TENANT, tenant).call(action);
    }

    @Override
    public Map<String, String> headers() {
        return TENANT.isBound() ? Map.of("tenant", TENANT.get()) : Map.of();
    }

    @Override
    public <T extends @Nullable Object, X extends Throwable> T within(Map<String, String> headers,
            CallableOp<? extends T, X> handler) throws X {
        return with(headers.getOrDefault("tenant", "another"), handler);
    }
}
