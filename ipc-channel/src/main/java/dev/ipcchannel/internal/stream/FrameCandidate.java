package dev.ipcchannel.internal.stream;

import dev.ipcchannel.internal.base.Lifeline;
import dev.ipcchannel.internal.base.Refusal;
import dev.ipcchannel.internal.posix.Chunk;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.PosixException;
import dev.ipcchannel.internal.rendezvous.Candidate;
import dev.ipcchannel.internal.rendezvous.Child;
import dev.ipcchannel.internal.wire.LaneException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A client over frames, whose first frame gives the purpose of its connection. No byte after that
/// frame is read here: the loop reads on, once it is accepted.
public final class FrameCandidate extends Candidate<FrameCandidate> {

    private static final int READS_AT_ONCE = 16; // then the others have their turn

    private final int maxMessage;
    private final SocketLifelines lifelines;
    private final FrameReader reader;
    private @Nullable SocketFrame first; // set once all of it has come
    private @Nullable SocketHello hello; // the contents of that
    private @Nullable UnixConnection accepted;

    FrameCandidate(Descriptor connection, long pid, @Nullable Child child, int maxMessage,
            SocketLifelines lifelines) {
        super(connection, pid, child);
        this.maxMessage = maxMessage;
        this.reader = FrameReader.ofGreeting(maxMessage);
        this.lifelines = lifelines;
    }

    /// Its greeting, once it is ready.
    public SocketHello hello() {
        return Objects.requireNonNull(hello);
    }

    /// The connection to it, once it is accepted.
    public UnixConnection accepted() {
        return Objects.requireNonNull(accepted);
    }

    @Override
    protected boolean hasGreeted() {
        return false; // a candidate that has greeted is ready
    }

    @Override
    protected Progress<FrameCandidate> look() {
        Progress<FrameCandidate> unready = read();
        return unready != null ? unready : greetedBy(Objects.requireNonNull(first));
    }

    /// @return null once the first frame is here
    private @Nullable Progress<FrameCandidate> read() {
        Chunk chunk = Chunk.borrow();
        try {
            for (int i = 0; i < READS_AT_ONCE && first == null; i++) {
                switch (chunk.receiveBytes(connection(), reader.missing())) {
                    case BYTES -> reader.read(chunk.bytes(), frame -> first = frame);
                    case NOTHING -> {
                        return new Progress.Waiting<>();
                    }
                    // Left in the queue: taken, they would count as this process's.
                    case DESCRIPTORS -> {
                        return turnAway("its greeting brings descriptors");
                    }
                    case END -> {
                        return hungUp("it closed the connection without a greeting");
                    }
                }
            }
            return first == null ? new Progress.Waiting<>() : null;
        } catch (LaneException violation) { // its message is complete
            return turnAway(STRANGE + ": " + violation.getMessage());
        } catch (PosixException failure) {
            return turnAway("its connection failed: " + failure.getMessage());
        } catch (OutOfMemoryError _) {
            return turnAway("there is no memory for its greeting");
        } finally {
            chunk.giveBack();
        }
    }

    private Progress<FrameCandidate> greetedBy(SocketFrame frame) {
        return switch (frame.kind()) {
            case HELLO -> greetedBy(SocketHello.read(frame.bytes()));
            case LIFELINE -> {
                handOver(); // first: the next call closes what it cannot take over
                lifelines.add(UnixConnection.ofLifeline(connection()));
                yield new Progress.HandedOver<>();
            }
            default -> turnAway(STRANGE + ": its first frame is " + frame.kind());
        };
    }

    private Progress<FrameCandidate> greetedBy(@Nullable SocketHello greeting) {
        if (greeting == null || !greeting.isOurs()) {
            return turnAway(STRANGE);
        }
        if (greeting.version() != SocketHello.VERSION) {
            return turnAway(otherVersion(greeting.version(), SocketHello.VERSION));
        }
        hello = greeting;
        return new Progress.Ready<>(this);
    }

    @Override
    protected @Nullable Lifeline accept() {
        handOver(); // first: the next call closes what it cannot take over
        UnixConnection open = UnixConnection.ofClient(connection(), maxMessage);
        accepted = open;
        // A child that has ended meanwhile can still be read.
        open.outflow().putNow(SocketFrame.of(SocketFrame.Kind.WELCOME));
        Lifeline own = lifelines.release(pid());
        lifelines.releaseAll();
        return own;
    }

    @Override
    protected void sendRefusal(Refusal why) {
        try {
            new FrameWriter(new SocketFrame(SocketFrame.Kind.REFUSAL, why.toBytes()))
                    .writeTo(connection());
        } catch (PosixException | OutOfMemoryError _) {
            // The end of the connection says enough.
        }
    }

    /// A refused process must not outlive this one either.
    @Override
    protected @Nullable Lifeline sayAndKeep(Refusal why) {
        Lifeline own = lifelines.release(pid());
        sendRefusal(why);
        return own;
    }

    @Override
    protected void drop() {
        if (accepted != null) {
            accepted.drop();
        }
    }
}
