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
    private final UnixLoop loop; // last: nothing may fail after it

    /// Has the loop there that serves connections once they are accepted.
    ///
    /// @param maxMessage bytes of the longest message that a client may send
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

    /// The end of its connection says to a client that nobody waits for it any more.
    @Override
    public void sayLast(Descriptor connection, Refusal why) {
        // Nothing: a refusal would be about the client.
    }

    @Override
    public void close() {
        lifelines.drop();
        loop.leave();
    }
}
