package dev.ipcchannel.torture.hostile;

import dev.ipcchannel.ChildFailed;
import dev.ipcchannel.CodecFailed;
import dev.ipcchannel.Disconnected;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.HandshakeFailed;
import dev.ipcchannel.IpcException;
import dev.ipcchannel.ProtocolViolation;
import dev.ipcchannel.ResourceExhausted;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.TypeMismatch;
import dev.ipcchannel.torture.Findings;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/// A caller of the methods that a hostile peer can affect. It checks that each ends with a value or
/// an [IpcException], within its allowed time.
final class Verbs {

    static final String BREACH = "breaches seen";
    static final String REFUSED = "refused in the handshake, or by the codec";
    static final String END = "ends noticed";
    static final String TIMED_OUT = "waits that were over in time";
    static final String WAITING = "closes that wait, begun in the parent";
    static final String WHOLE = "messages of an honest sender, each whole beside the peer";
    static final String STOPPED = "stopped in the middle";

    /// The time by which a call may exceed its allowed time on a busy machine, but never because of
    /// a peer.
    static final Duration HOLD = Duration.ofSeconds(5);
    /// The allowed time of a call that waits without a timeout.
    static final Duration ANY = Duration.ofDays(1);

    private final Mode mode;
    private final long seed;
    private final Findings findings;

    Verbs(Mode mode, long seed, Findings findings) {
        this.mode = mode;
        this.seed = seed;
        this.findings = findings;
    }

    /// The outcome of a call.
    ///
    /// @param value that it returned, if it did
    /// @param failure that it threw, if it did
    record Outcome<T>(@Nullable T value, @Nullable Throwable failure) {

        /// Whether this outcome shows the end of the channel.
        boolean isEnd() {
            return failure != null && !(failure instanceof TimedOut)
                    && !(failure instanceof ProtocolViolation) && !(failure instanceof CodecFailed)
                    && !(failure instanceof ResourceExhausted);
        }
    }

    /// A call without a value.
    interface Act {

        void run() throws Exception;
    }

    /// Makes a call that never waits.
    void run(String name, Act act) {
        Outcome<Boolean> _ = run(name, Duration.ZERO, () -> {
            act.run();
            return true;
        });
    }

    /// Asks a question, which never waits.
    void ask(String name, Callable<?> question) {
        Outcome<Object> _ = run(name, Duration.ZERO, question);
    }

    /// Makes a call.
    ///
    /// @param allowed the longest wait of the call
    <T> Outcome<T> run(String name, Duration allowed, Callable<? extends @Nullable T> verb) {
        long start = System.nanoTime();
        try {
            return new Outcome<>(verb.call(), null);
        } catch (IpcException failure) {
            note(failure);
            return new Outcome<>(null, failure);
        } catch (InterruptedException failure) {
            return new Outcome<>(null, failure);
        } catch (Throwable wrong) { // a peer may cause no other throwable
            fault(name + " threw what no peer may cause", wrong);
            return new Outcome<>(null, wrong);
        } finally {
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            findings.noteCall(name, took.minus(allowed));
            if (took.minus(allowed).compareTo(HOLD) > 0) {
                fault("a peer holds its parent: %s took %,d ms and may take %,d ms"
                        .formatted(name, took.toMillis(), allowed.toMillis()));
            }
        }
    }

    /// Counts the failure that a peer has caused.
    void note(Throwable failure) {
        switch (failure) {
            case ProtocolViolation _ -> count(BREACH);
            case HandshakeFailed _,TypeMismatch _,CodecFailed _ -> count(REFUSED);
            case Disconnected _,ChildFailed _ -> count(END);
            case TimedOut _ -> count(TIMED_OUT);
            case ResourceExhausted _ -> count("not taken up for want of memory or descriptors");
            case EndClosed _ -> {} // by this process
            default -> fault("what no peer may cause was handed on", failure);
        }
    }

    /// Counts something of this mode.
    void count(String what) {
        count(what, 1);
    }

    /// Counts something of this mode several times.
    void count(String what, long times) {
        findings.count(mode.counted(what), times);
    }

    /// Records a broken promise.
    void fault(String what) {
        findings.fault(what + ": mode=" + mode.word() + ", seed=" + seed);
    }

    /// Records a broken promise, with an exception.
    void fault(String what, Throwable failure) {
        findings.fault(what + ": mode=" + mode.word() + ", seed=" + seed, failure);
    }
}
