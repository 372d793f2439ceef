package dev.ipcchannel.call;

import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Waits;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A caller, and its responder at work on another thread of this JVM.
///
/// @param caller asks
/// @param responder answers
/// @param serving the call of `serve`
/// @param executor of the handlers, if they have one
record Served(Caller<String, String> caller, Responder<String, String> responder,
        Waits<Void> serving, @Nullable ExecutorService executor) implements AutoCloseable {

    /// A ring that holds 64 small messages.
    static final ChannelOptions SMALL = ChannelOptions.defaults().withCapacity(4096);

    private static final TypeToken<String> STRING = TypeToken.of(String.class);

    /// Handlers on the thread that serves.
    static Served inline(Handler<String, String> handler) {
        return inline(SMALL, handler);
    }

    static Served inline(ChannelOptions options, Handler<String, String> handler) {
        Caller.Pair<String, String> pair = Caller.create(STRING, STRING, options);
        Responder<String, String> responder = new Responder<>(pair.far());
        return new Served(pair.near(), responder, Waits.run(() -> responder.serve(handler)), null);
    }

    /// Handlers on a virtual thread each.
    static Served concurrent(Handler<String, String> handler) {
        return on(Executors.newVirtualThreadPerTaskExecutor(), handler);
    }

    /// Handlers on an executor, which is closed with this.
    static Served on(ExecutorService executor, Handler<String, String> handler) {
        Caller.Pair<String, String> pair = Caller.create(STRING, STRING, SMALL);
        Responder<String, String> responder = new Responder<>(pair.far());
        return new Served(pair.near(), responder,
                Waits.run(() -> responder.serve(handler, executor)), executor);
    }

    /// Closes the caller, which the responder takes as its end.
    @Override
    public void close() {
        caller.close();
        Void _ = serving.result().orTimeout(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
        responder.close();
        if (executor != null) {
            executor.close();
        }
    }
}
