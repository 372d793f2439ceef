package dev.ipcchannel.transport;

import dev.ipcchannel.Link;
import dev.ipcchannel.TypeMismatch;
import dev.ipcchannel.internal.base.Refusal;
import dev.ipcchannel.internal.rendezvous.Child;
import dev.ipcchannel.internal.rendezvous.Vetting;
import dev.ipcchannel.internal.stream.FrameCandidate;
import dev.ipcchannel.internal.stream.SocketHello;
import dev.ipcchannel.internal.stream.UnixConnection;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A vetting of a process that connects by a Unix socket: it checks the process's types and writes
/// the text of a refusal.
///
/// @param child that the listener waits for; null for any process
/// @param <O> the type of the messages of this side
/// @param <I> the type of the messages to this side
record UnixVetting<O, I>(UnixLink.Settings<O, I> settings, LinkTypes types,
        @Nullable AwaitedChild child) implements Vetting<FrameCandidate, Link<O, I>>, Child.Terms {

    @Override
    public Link<O, I> admit(FrameCandidate client, Runnable accepting,
            Consumer<Throwable> failing) {
        check(client.hello());
        accepting.run();
        UnixConnection connection = client.accepted();
        if (child != null) {
            CompletableFuture<Void> _ = child.onExit().thenRun(connection::onPeerDeath);
        }
        return new UnixLink<>(connection, settings, OtherSide.client(connection.peer(), child));
    }

    @Override
    public void check(Object greeting) {
        TypeMismatch mismatch = types.mismatch((SocketHello) greeting);
        if (mismatch != null) {
            throw mismatch;
        }
    }

    @Override
    public boolean isBroken(RuntimeException failure) {
        return false; // another process with the right types may come
    }

    @Override
    public @Nullable String words(RuntimeException failure) {
        return failure instanceof TypeMismatch mismatch ? types.forChild(mismatch) : null;
    }

    @Override
    public Refusal refusal(RuntimeException failure) {
        boolean isOfTypes = failure instanceof TypeMismatch;
        return new Refusal(isOfTypes, Objects.requireNonNullElse(words(failure), isOfTypes
                ? "it means other types than this listener" : "this listener has failed"));
    }
}
