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

/// Calls the verbs that a hostile peer may be heard in, and judges how each of them ends: with a
/// value or an [IpcException], in the time that it may take.
final class Verbs {

    static final String BREACH = "breaches seen";
    static final String REFUSED = "refused in the handshake, or by the codec";
    static final String END = "ends heard of";
    static final String TIMED_OUT = "waits that were over in time";
    static final String WAITING = "closes that wait, begun in the parent";
    static final String WHOLE = "messages of an honest sender, each whole beside the peer";
    static final String STOPPED = "stopped in the middle";

    /// How much longer than it may take a verb can take on a busy machine, and never by a peer.
    static final Duration HOLD = Duration.ofSeconds(5);
    /// For a verb that waits as long as it takes.
    static final Duration ANY = Duration.ofDays(1);

    private final Mode mode;
    private final long seed;
    private final Findings findings;

    Verbs(Mode mode, long seed, Findings findings) {
        this.mode = mode;
        this.seed = seed;
        this.findings = findings;
    }

    /// How a verb has ended.
    ///
    /// @param value that it gave, if it did
    /// @param failure that it threw, if it did
    record Outcome<T>(@Nullable T value, @Nullable Throwable failure) {

        /// Whether nothing more can come of this end.
        boolean isEnd() {
            return failure != null && !(failure instanceof TimedOut)
                    && !(failure instanceof ProtocolViolation) && !(failure instanceof CodecFailed)
                    && !(failure instanceof ResourceExhausted);
        }
    }

    /// Something that is called for what it does.
    interface Act {

        void run() throws Exception;
    }

    /// Calls a verb that never waits.
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

    /// Calls a verb.
    ///
    /// @param allowed how long it may wait
    <T> Outcome<T> run(String name, Duration allowed, Callable<? extends @Nullable T> verb) {
        long start = System.nanoTime();
        try {
            return new Outcome<>(verb.call(), null);
        } catch (IpcException failure) {
            note(failure);
            return new Outcome<>(null, failure);
        } catch (InterruptedException failure) {
            return new Outcome<>(null, failure);
        } catch (Throwable wrong) { // whatever it is, no peer may cause it
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

    /// Counts what a peer was seen to do.
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

    /// Counts something of this mode, so many times.
    void count(String what, long times) {
        findings.count(mode.counted(what), times);
    }

    /// A broken promise.
    void fault(String what) {
        findings.fault(what + ": mode=" + mode.word() + ", seed=" + seed);
    }

    /// A broken promise, with an exception.
    void fault(String what, Throwable failure) {
        findings.fault(what + ": mode=" + mode.word() + ", seed=" + seed, failure);
    }
}
