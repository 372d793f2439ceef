package dev.ipcchannel.internal.stream;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.posix.Chunk;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.PosixException;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.internal.stream.ConnectionEnd.Reason;
import dev.ipcchannel.internal.wire.LaneException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// A connected Unix socket: frames go out and come in.
///
/// It belongs to the loop, which sees the end, reads unless the [Inflow] lets another thread do so,
/// and closes the socket as soon as it is of no more use; frames that have come by then can still
/// be taken from the [Inflow]. All methods are for the loop's thread, except [#inflow] and
/// [#outflow], [#openLifeline], [#peer], [#gone], [#close], [#drop] and [#onPeerDeath]; [#read] is
/// for the thread that has the turn to read.
public final class UnixConnection implements UnixLoop.Served, Inflow.Source {

    private static final int READS_AT_ONCE = 16; // then the others have their turn
    private static final int MAX_NOTICE = 1024; // bytes: more than any frame on a lifeline has

    /// The first frame of the other side, if it was read before this connection was made.
    private enum Said {
        NOTHING, GREETING, LIFELINE
    }

    private final UnixLoop loop;
    private final Descriptor socket;
    private final long peer;
    private final UnixLoop.Watch watch;
    private final Runnable look = this::goOn; // made once: each notice needs it
    private final FrameReader reader;
    private final Inflow inflow;
    private final Outflow outflow;
    private final CompletableFuture<ConnectionEnd> over = new CompletableFuture<>();
    private final CompletableFuture<Void> gone = new CompletableFuture<>();
    private final AtomicReference<@Nullable ConnectionEnd> end = new AtomicReference<>();
    private volatile @Nullable UnixLifeline lifeline; // set if this is the connection of a lifeline
    private volatile boolean isFarewellSaid; // or on its way
    private volatile boolean isPeerDead; // written by the loop
    private boolean isGreeted; // the first frame is here; used by the thread that reads
    private boolean isEndSeen; // this and the next are the loop's
    private boolean isSocketClosed;

    private UnixConnection(UnixLoop loop, Descriptor socket, int maxMessage, Said said) {
        this.loop = loop;
        this.socket = socket;
        this.peer = Sockets.peer(socket).pid();
        this.watch = loop.watch(socket, this);
        this.reader = said == Said.NOTHING ? FrameReader.ofGreeting(maxMessage)
                : FrameReader.ofMessages(maxMessage);
        this.inflow = new Inflow(this);
        this.outflow = new Outflow(socket, inflow, this::notifyLoop);
        this.lifeline = said == Said.LIFELINE ? new UnixLifeline(this) : null;
        this.isGreeted = said != Said.NOTHING;
        if (isGreeted) {
            inflow.open();
        }
    }

    /// Takes over a socket to a listener, and closes it in the end, whatever happens.
    ///
    /// @param maxMessage the longest message that may come, in bytes
    /// @throws PosixException if the kernel can watch no more
    public static UnixConnection open(Descriptor socket, int maxMessage) {
        return open(socket, maxMessage, Said.NOTHING);
    }

    /// Takes over the socket of a client, which has greeted.
    static UnixConnection ofClient(Descriptor socket, int maxMessage) {
        return open(socket, maxMessage, Said.GREETING);
    }

    /// Takes over a socket whose other side has announced that it is a lifeline.
    static UnixLifeline ofLifeline(Descriptor socket) {
        return Objects.requireNonNull(open(socket, MAX_NOTICE, Said.LIFELINE).lifeline);
    }

    private static UnixConnection open(Descriptor socket, int maxMessage, Said said) {
        boolean isOpen = false;
        try {
            UnixConnection connection = open(UnixLoop.enter(), socket, maxMessage, said);
            isOpen = true;
            return connection;
        } finally {
            if (!isOpen) {
                Sockets.hangUp(socket);
            }
        }
    }

    private static UnixConnection open(UnixLoop loop, Descriptor socket, int maxMessage,
            Said said) {
        boolean isOpen = false;
        try {
            UnixConnection connection = new UnixConnection(loop, socket, maxMessage, said);
            connection.watch.begin();
            isOpen = true;
            return connection;
        } finally {
            if (!isOpen) {
                loop.leave();
            }
        }
    }

    /// The frames that come.
    public Inflow inflow() {
        return inflow;
    }

    /// The frames that go.
    public Outflow outflow() {
        return outflow;
    }

    /// Makes this the lifeline of the child that has opened it.
    public UnixLifeline openLifeline() throws InterruptedException {
        UnixLifeline line = new UnixLifeline(this);
        lifeline = line; // before the parent can send a notice
        outflow.put(SocketFrame.of(SocketFrame.Kind.LIFELINE), Deadline.NEVER);
        return line;
    }

    /// The number of the process at the other side.
    public long peer() {
        return peer;
    }

    /// Completes when no frame comes or goes any more: on the loop's thread.
    public CompletableFuture<ConnectionEnd> over() {
        return over;
    }

    /// Completes when the other side is gone, or this one is closed: on the loop's thread. Frames
    /// that have come may still be read.
    public CompletableFuture<Void> gone() {
        return gone;
    }

    @Override
    public void serve(boolean isReadable, boolean isWritable) {
        if (isReadable && !watch.reads()) { // an end, before which there may be frames
            gone.complete(null);
            if (!isEndSeen) {
                inflow.handToLoop();
                isEndSeen = true;
            }
        }
        if (isWritable) {
            outflow.flush();
        }
        if (isReadable) {
            readInLoop();
        }
        lookAgain();
    }

    @Override
    public Descriptor socket() {
        return socket;
    }

    /// Has the loop's thread look at this connection. Any thread may call it.
    @Override
    public void notifyLoop() {
        loop.execute(look);
    }

    private void goOn() {
        if (isPeerDead) {
            readInLoop(); // no event will wake the loop
        }
        lookAgain();
    }

    private void readInLoop() {
        if (inflow.beginLoopTurn()) {
            try {
                read();
            } finally {
                inflow.endLoopTurn();
            }
        }
    }

    /// Reads what is there, as far as there is room for it.
    @Override
    public void read() {
        Chunk chunk = Chunk.borrow();
        try {
            boolean goesOn = true;
            for (int i = 0; goesOn && (i < READS_AT_ONCE || isPeerDead); i++) {
                goesOn = end.get() == null && inflow.hasRoom() && readOnce(chunk);
            }
        } catch (PosixException failure) { // ECONNRESET: no other failure is possible
            finish(gone(failure));
        } catch (LaneException violation) { // its message is complete
            finish(ConnectionEnd.of(Reason.VIOLATION, String.valueOf(violation.getMessage()),
                    null));
        } catch (OutOfMemoryError | StackOverflowError failure) { // bytes may be lost
            finish(ConnectionEnd.of(Reason.EXHAUSTED, "", failure));
        } finally {
            chunk.giveBack();
        }
    }

    /// @return whether there may be more
    private boolean readOnce(Chunk chunk) {
        // A stranger's descriptors stay in the queue: taken, they would count as this process's.
        switch (isGreeted ? chunk.receive(socket)
                : chunk.receiveBytes(socket, Chunk.LENGTH)) {
            case BYTES -> {
                boolean isFull = chunk.isFull();
                if (!inflow.isClosed()) {
                    reader.read(chunk.bytes(), this::arrived);
                }
                return isPeerDead || isFull;
            }
            case DESCRIPTORS -> {
                chunk.closeDescriptors(socket);
                throw new LaneException(LaneException.Kind.VIOLATION,
                        "descriptors came with bytes, and none are due here");
            }
            case NOTHING -> {
                if (isPeerDead) {
                    finish(gone(null));
                }
            }
            case END -> finish(gone(null));
        }
        return false;
    }

    private void arrived(SocketFrame frame) {
        if (end.get() != null) {
            return; // no frame counts after a farewell
        }
        boolean isFirst = !isGreeted;
        UnixLifeline line = lifeline;
        boolean isOfTalk = frame.kind() == SocketFrame.Kind.MESSAGE
                || frame.kind() == SocketFrame.Kind.BYE;
        boolean isGoAway = frame.kind() == SocketFrame.Kind.GO_AWAY;
        if (line != null && isGoAway && line.take(frame.bytes())) {
            return;
        }
        if (line != null || isGoAway || isFirst == isOfTalk) {
            throw new LaneException(LaneException.Kind.VIOLATION,
                    "a frame is not expected %s: kind=%s".formatted(
                            isFirst ? "as the first one" : "after the first one", frame.kind()));
        }
        if (frame.kind() == SocketFrame.Kind.BYE) {
            finish(ConnectionEnd.of(Reason.CLOSED_THERE));
            return;
        }
        isGreeted = true;
        inflow.put(frame);
    }

    private ConnectionEnd gone(@Nullable PosixException failure) {
        return ConnectionEnd.of(Reason.GONE,
                reader.isInsideFrame() ? ", in the middle of a message" : "", failure);
    }

    /// Notes that the other side's process has ended, although another process may still have its
    /// socket: what it has sent is still read. Any thread may call it.
    public void onPeerDeath() {
        loop.execute(() -> {
            isPeerDead = true;
            gone.complete(null);
            inflow.handToLoop();
            goOn();
        });
    }

    /// Registers for the events to wait for, or closes what is over.
    private void lookAgain() {
        if (end.get() != null) {
            closeSocket();
            return;
        }
        boolean wantsRoom = outflow.wantsRoom();
        if (isFarewellSaid && !wantsRoom) { // the farewell is written, or cannot be
            finish(ConnectionEnd.of(Reason.CLOSED_HERE));
            closeSocket();
            return;
        }
        watch.want(inflow.isForLoop(), wantsRoom);
    }

    /// Notes that no more frames come or go. By the thread that reads, or the loop's.
    private void finish(ConnectionEnd why) {
        if (end.compareAndSet(null, why)) {
            outflow.abort(why); // before the close, so that no sender meets a closed socket
            inflow.end(why); // after that, so that no thread that has received the end can send
            notifyLoop();
        }
    }

    /// Closes the socket once no thread reads it any more; the last one notifies the loop.
    private void closeSocket() {
        if (isSocketClosed || !inflow.isLeft()) {
            return;
        }
        isSocketClosed = true;
        watch.end();
        try {
            Sockets.hangUp(socket);
        } finally { // also after a failure: threads wait for this
            over.complete(Objects.requireNonNull(end.get()));
            gone.complete(null);
            loop.leave();
        }
    }

    /// Ends it in order: the frame on its way is flushed, and a farewell after it. Any thread may
    /// call it.
    public void close() {
        ConnectionEnd end = ConnectionEnd.of(Reason.CLOSED_HERE);
        inflow.close(end); // first: the other side answers a farewell with its end
        outflow.close(SocketFrame.of(SocketFrame.Kind.BYE), end);
        isFarewellSaid = true;
        notifyLoop();
    }

    /// Ends it without a farewell. Any thread may call it.
    public void drop() {
        finish(ConnectionEnd.of(Reason.CLOSED_HERE));
    }
}
