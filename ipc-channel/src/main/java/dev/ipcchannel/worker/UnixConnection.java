package dev.ipcchannel.worker;

import dev.ipcchannel.ProtocolViolation;
import dev.ipcchannel.worker.ConnectionEnd.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// One connected Unix socket: frames go out and come in.
///
/// It belongs to the loop, which reads, sees the end and closes the socket as soon as it is of no
/// more use; what has come by then can still be taken from the [Inflow]. All but [#inflow] and
/// [#outflow], [#close], [#drop] and [#onPeerDeath] is for the loop's thread.
final class UnixConnection implements UnixLoop.Served {

    private static final int READS_AT_ONCE = 16; // then the others have their turn

    private final UnixLoop loop;
    private final SocketChannel socket;
    private final FrameReader reader;
    private final Inflow inflow;
    private final Outflow outflow;
    private final CompletableFuture<ConnectionEnd> over = new CompletableFuture<>();
    private final CompletableFuture<Void> greeted = new CompletableFuture<>();
    private volatile boolean isFarewellSaid; // or on its way
    // The rest is the loop's.
    private @Nullable SelectionKey key;
    private int interest;
    private boolean isPeerDead;

    private UnixConnection(UnixLoop loop, SocketChannel socket, int maxMessage) {
        this.loop = loop;
        this.socket = socket;
        this.reader = new FrameReader(maxMessage);
        this.inflow = new Inflow(() -> loop.execute(this::goOn));
        this.outflow = new Outflow(socket, () -> loop.execute(this::listen));
    }

    /// Takes over a socket, and closes it in the end, whatever happens.
    ///
    /// @param maxMessage bytes of the longest message that may come
    static UnixConnection open(SocketChannel socket, int maxMessage) throws IOException {
        boolean isOpen = false;
        try {
            socket.configureBlocking(false);
            UnixLoop loop = UnixLoop.enter();
            UnixConnection connection = new UnixConnection(loop, socket, maxMessage);
            loop.execute(connection::register);
            isOpen = true;
            return connection;
        } finally {
            if (!isOpen) {
                socket.close();
            }
        }
    }

    private void register() {
        try {
            interest = SelectionKey.OP_READ;
            key = loop.add(socket, interest, this);
        } catch (ClosedChannelException _) {
            // It was over before it began.
        }
    }

    /// What comes.
    Inflow inflow() {
        return inflow;
    }

    /// What goes.
    Outflow outflow() {
        return outflow;
    }

    /// Completes when the first frame is there, or will not come: on the loop's thread.
    CompletableFuture<Void> greeted() {
        return greeted;
    }

    /// Completes when the socket is closed: on the loop's thread.
    CompletableFuture<ConnectionEnd> over() {
        return over;
    }

    @Override
    public void serve() {
        SelectionKey current = key;
        if (current == null || !current.isValid()) {
            return;
        }
        if (current.isWritable()) {
            outflow.flush();
        }
        if (current.isReadable()) {
            read();
        }
        listen();
    }

    /// Reads what is there, as far as there is room for it.
    void read() {
        try {
            boolean goesOn = true;
            for (int i = 0; goesOn && (i < READS_AT_ONCE || isPeerDead); i++) {
                goesOn = !over.isDone() && inflow.mayRead() && readOnce();
            }
        } catch (IOException failure) { // ECONNRESET: there is nothing else
            finish(gone(failure));
        } catch (ProtocolViolation violation) {
            finish(ConnectionEnd.of(Reason.VIOLATION, String.valueOf(violation.getMessage()),
                    violation));
        } catch (OutOfMemoryError failure) {
            finish(ConnectionEnd.of(Reason.EXHAUSTED, "", failure));
        }
    }

    /// @return whether there may be more
    private boolean readOnce() throws IOException {
        ByteBuffer buffer = loop.buffer();
        int count = socket.read(buffer);
        if (count < 0 || (count == 0 && isPeerDead)) {
            finish(gone(null));
            return false;
        }
        if (!inflow.isClosed()) {
            reader.read(buffer.flip(), this::arrived);
        }
        return isPeerDead || count == buffer.capacity();
    }

    private void arrived(SocketFrame frame) {
        if (over.isDone()) {
            return; // behind a farewell there is nothing
        }
        boolean isFirst = !greeted.isDone();
        boolean isOfTalk = frame.kind() == SocketFrame.Kind.MESSAGE
                || frame.kind() == SocketFrame.Kind.BYE;
        if (isFirst == isOfTalk) {
            throw new ProtocolViolation("a frame is not expected %s: kind=%s"
                    .formatted(isFirst ? "as the first one" : "after the first one", frame.kind()));
        }
        if (frame.kind() == SocketFrame.Kind.BYE) {
            finish(ConnectionEnd.of(Reason.CLOSED_THERE));
            return;
        }
        inflow.put(frame);
        greeted.complete(null);
    }

    private ConnectionEnd gone(@Nullable IOException failure) {
        return ConnectionEnd.of(Reason.GONE,
                reader.isInsideFrame() ? ", in the middle of a message" : "", failure);
    }

    /// The other side's process is known to have ended, though somebody may hold its socket: what
    /// it has sent is still read. Any thread may call.
    void onPeerDeath() {
        loop.execute(() -> {
            isPeerDead = true;
            goOn();
        });
    }

    private void goOn() {
        if (isPeerDead) {
            read(); // nothing comes that would wake the loop
        }
        listen();
    }

    /// Asks for what there is to wait for.
    private void listen() {
        SelectionKey current = key;
        if (current == null || !current.isValid()) {
            return;
        }
        boolean wantsRoom = outflow.wantsRoom();
        if (isFarewellSaid && !wantsRoom) { // the farewell is there, or nobody takes it
            finish(ConnectionEnd.of(Reason.CLOSED_HERE));
            return;
        }
        int wanted = (inflow.mayRead() ? SelectionKey.OP_READ : 0)
                | (wantsRoom ? SelectionKey.OP_WRITE : 0);
        if (wanted != interest) {
            interest = wanted;
            current.interestOps(wanted);
        }
    }

    private void finish(ConnectionEnd end) {
        if (over.isDone()) {
            return;
        }
        outflow.abort(end); // before the close, so that no sender meets a closed socket
        inflow.end(end); // then, so that nobody can send who has received the end
        try {
            socket.close();
        } catch (IOException _) {
            // The kernel has let go of it, whatever it says.
        }
        over.complete(end);
        greeted.complete(null);
        loop.leave();
    }

    /// Ends it in order: what is on its way is flushed, and a farewell behind it. Any thread may
    /// call.
    void close() {
        ConnectionEnd end = ConnectionEnd.of(Reason.CLOSED_HERE);
        inflow.close(end); // first: the answer to a farewell is the end of the other side
        outflow.close(SocketFrame.of(SocketFrame.Kind.BYE), end);
        isFarewellSaid = true;
        loop.execute(this::listen);
    }

    /// Ends it without a word. Any thread may call.
    void drop() {
        loop.execute(() -> finish(ConnectionEnd.of(Reason.CLOSED_HERE)));
    }
}
