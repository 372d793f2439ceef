package dev.ipcchannel.internal.stream;

import dev.ipcchannel.internal.base.Refusal;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Streams;
import dev.ipcchannel.internal.rendezvous.Candidate;
import dev.ipcchannel.internal.rendezvous.Child;
import dev.ipcchannel.internal.rendezvous.Doorway;
import org.jspecify.annotations.Nullable;

/// A doorway for frames, whose clients greet with a [SocketHello]. Some of their connections are
/// lifelines.
public final class FrameDoorway implements Doorway<FrameCandidate> {

    private final int maxMessage;
    private final SocketLifelines lifelines = new SocketLifelines();
    private final UnixLoop loop; // last: no later line may fail

    /// Starts the loop, which serves connections once they are accepted.
    ///
    /// @param maxMessage the longest message that a client may send, in bytes
    /// @throws dev.ipcchannel.internal.posix.PosixException if that is not possible
    public FrameDoorway(int maxMessage) {
        this.maxMessage = maxMessage;
        this.loop = UnixLoop.enter();
    }

    @Override
    public Descriptor listen(String path) {
        return Streams.listen(path);
    }

    @Override
    public Candidate<FrameCandidate> candidate(Descriptor connection, long pid,
            @Nullable Child child) {
        return new FrameCandidate(connection, pid, child, maxMessage, lifelines);
    }

    /// The end of its connection shows a client that the server does not wait for it any more.
    @Override
    public void sayLast(Descriptor connection, Refusal why) {
        // Nothing is sent: a refusal would be about the client.
    }

    @Override
    public void close() {
        lifelines.drop();
        loop.leave();
    }
}
