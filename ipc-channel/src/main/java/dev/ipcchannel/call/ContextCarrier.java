package dev.ipcchannel.call;

import dev.ipcchannel.internal.base.Argument;
import dev.ipcchannel.internal.base.Headers;
import java.lang.ScopedValue.CallableOp;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A carrier of the context of a question, such as the trace of a request or the name of a tenant,
/// from the thread that asks to the thread that answers, in another process. It travels as headers,
/// which are short texts with names.
///
/// ```java
/// final class Tenants implements ContextCarrier {
///
///     static final ScopedValue<String> TENANT = ScopedValue.newInstance();
///
///     public Map<String, String> headers() {
///         return TENANT.isBound() ? Map.of("tenant", TENANT.get()) : Map.of();
///     }
///
///     public <T, X extends Throwable> T within(Map<String, String> headers,
///             CallableOp<? extends T, X> handler) throws X {
///         return ScopedValue.where(TENANT, headers.getOrDefault("tenant", "none")).call(handler);
///     }
/// }
/// ```
///
/// The side that asks has one by [Caller#withContext], `NamedCaller.withContext` or
/// `WorkerSetBuilder.context`; the side that answers by [Handler#within] or `JobHandler.within`,
/// around its handler. Either side may do without: headers that no carrier takes up are still what
/// [Exchange#headers] returns, and a question without headers is as long as it is without a
/// carrier.
///
/// A name has letters, digits, `-`, `_` and `.`; a value is text without control characters. All
/// headers of a question have at most 256 bytes of UTF-8, with two more for each. A question whose
/// headers are not like that is not asked: its caller gets an `IllegalArgumentException`.
///
/// Any number of threads use a carrier at once.
public interface ContextCarrier {

    /// The headers of a question that the calling thread is about to ask; an empty map if there are
    /// none. What it throws, the asking verb throws, and nothing is asked.
    Map<String, String> headers();

    /// Runs the handler of a question within the context that its headers describe, on the calling
    /// thread, once. It is called for questions with headers only.
    ///
    /// @param headers at least one; they may be another program's
    /// @return what `handler` returns
    /// @throws X what `handler` throws
    <T extends @Nullable Object, X extends Throwable> T within(Map<String, String> headers,
            CallableOp<? extends T, X> handler) throws X;

    /// A carrier of the same headers for each question, for a side that asks:
    /// `caller.withContext(ContextCarrier.of(Map.of("tenant", "north"))).call(question)`. Where it
    /// is given to a side that answers, it changes nothing.
    ///
    /// @throws IllegalArgumentException if a name or a value is not valid, or they are too long
    static ContextCarrier of(Map<String, String> headers) {
        return new FixedContext(Headers.of(Argument.given(headers, "headers")));
    }
}
