package dev.ipcchannel.internal.stream;

import dev.ipcchannel.internal.base.GoAway;
import dev.ipcchannel.internal.base.Lifeline;
import java.util.concurrent.CompletableFuture;

/// A second connection beside a link's, on which a child and its parent announce that they are
/// about to end.
public final class UnixLifeline extends Lifeline {

    private final UnixConnection connection;

    UnixLifeline(UnixConnection connection) {
        this.connection = connection;
        CompletableFuture<Void> _ = connection.over().thenRun(this::ended);
    }

    public UnixConnection connection() {
        return connection;
    }

    @Override
    protected void send(GoAway notice) {
        Outflow.Put _ = connection.outflow()
                .putNow(new SocketFrame(SocketFrame.Kind.GO_AWAY, notice.toBytes()));
    }

    /// Reads the bytes of such a frame. Called by the loop's thread.
    ///
    /// @return false if the notice is not allowed here
    boolean take(byte[] bytes) {
        boolean isDue = note(GoAway.read(bytes));
        completeNoted();
        return isDue;
    }

    @Override
    public void drop() {
        connection.drop();
    }
}
