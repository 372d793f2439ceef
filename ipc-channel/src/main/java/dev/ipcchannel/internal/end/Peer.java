package dev.ipcchannel.internal.end;

import dev.ipcchannel.internal.base.Printable;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.PosixException;
import dev.ipcchannel.internal.posix.Signals;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.internal.process.Kill;
import dev.ipcchannel.internal.wire.LaneSettings;
import dev.ipcchannel.internal.wire.PeerAccount;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The process that an end came from, as far as it is known.
public final class Peer {

    /// A dying process closes its sockets a moment before its exit code can be read. On a busy
    /// machine that takes longer, and is waited for only if the process is known to die.
    private static final Duration EXIT_PATIENCE = Duration.ofMillis(50);
    private static final Duration DEATH_PATIENCE = Duration.ofMillis(500);

    /// The error output of a child, as far as it is captured.
    public interface ErrorLines {

        /// The captured lines.
        ///
        /// @param mayWait whether the caller may wait for the last lines of a child that has just
        /// ended
        List<String> get(boolean mayWait);
    }

    /// A receiver that came from a process, which most likely sends to it.
    public interface Inbound {

        /// The settings of the channel's lanes.
        LaneSettings settings();

        /// Whether a sender of another process sleeps because its ring is full while no thread here
        /// receives.
        boolean hasWaitingSender();
    }

    // Children that this JVM has accepted. Weak: a child none of whose ends is in use any more does
    // not count.
    private static final Set<Peer> CHILDREN = Collections.newSetFromMap(new WeakHashMap<>());
    private static final ReentrantLock LOCK = new ReentrantLock(); // guards CHILDREN

    private final long pid;
    private final long identity;
    private final String name;
    private final String program;
    private final @Nullable Process process;
    private final long sinceNanos;
    private final ErrorLines errorLines;
    private final @Nullable Bootstrap bootstrap;
    // When the exit code was first asked for: the patience with it counts from there.
    private final AtomicReference<@Nullable Long> firstAsked = new AtomicReference<>();
    // When this was noticed.
    private final AtomicReference<@Nullable Long> ended = new AtomicReference<>();
    // Weak: the list keeps no receiver alive.
    private final Set<Inbound> receivers = Collections.newSetFromMap(new WeakHashMap<>(2));

    /// A process of which no more than its number is known.
    public Peer(long pid) {
        this(pid, "");
    }

    /// A process of which no more than its number and its program is known.
    ///
    /// @param program its main class, for instance, as the process itself reports it; empty if it
    /// does not
    public Peer(long pid, String program) {
        this(pid, Sockets.UNKNOWN_PROCESS, "", Printable.of(program), null, _ -> List.of(),
                System.nanoTime(), null);
    }

    /// The process of a one-shot server.
    ///
    /// @param bootstrap the way to it
    public Peer(long pid, Bootstrap bootstrap) {
        this(pid, Sockets.UNKNOWN_PROCESS, "", "", null, _ -> List.of(), System.nanoTime(),
                bootstrap);
    }

    /// @param pid the number that the kernel reported when the process connected
    /// @param identity the kernel's identity of the process, or [Sockets#UNKNOWN_PROCESS]
    /// @param name of the child, as its user chose it; empty if it has none
    /// @param process the child itself, if this JVM started it
    /// @param errorLines the lines of its error output, as far as they are captured
    /// @param sinceNanos when it was started, if that is known, as a [System#nanoTime]; else now
    public Peer(long pid, long identity, String name, @Nullable Process process,
            ErrorLines errorLines, long sinceNanos) {
        this(pid, identity, name, "", process, errorLines, sinceNanos, null);
    }

    private Peer(long pid, long identity, String name, String program, @Nullable Process process,
            ErrorLines errorLines, long sinceNanos, @Nullable Bootstrap bootstrap) {
        this.sinceNanos = sinceNanos;
        this.name = name;
        this.program = program;
        this.bootstrap = bootstrap;
        this.pid = pid;
        this.identity = identity;
        this.process = process;
        this.errorLines = errorLines;
        if (process != null) {
            LOCK.lock();
            try {
                CHILDREN.add(this);
            } finally {
                LOCK.unlock();
            }
        }
    }

    /// The process that made a socket, or connected by it: one of the children if it is a child.
    static Peer of(Descriptor socket) {
        try {
            long pid = Sockets.peer(socket).pid();
            long identity = Sockets.peerProcess(socket);
            return children().stream().filter(child -> child.is(pid, identity)).findFirst()
                    .orElseGet(() -> new Peer(pid));
        } catch (PosixException _) { // not a socket of this library
            return new Peer(0);
        }
    }

    /// A copy: the search runs outside of the lock, so that no thread waits for it.
    private static List<Peer> children() {
        LOCK.lock();
        try {
            return List.copyOf(CHILDREN);
        } finally {
            LOCK.unlock();
        }
    }

    /// Whether it is the process with this number. Numbers are reused, also by a process that a
    /// child has started. If the kernel reports more than the number (since Linux 6.9), that
    /// decides. Else a child keeps its number while it lives, and the number of an ended child must
    /// not be in use. /proc is not read: that would wait for a child that is stopped amid an exec.
    private boolean is(long otherPid, long otherIdentity) {
        if (pid != otherPid || process == null) {
            return false;
        }
        if (identity != Sockets.UNKNOWN_PROCESS && otherIdentity != Sockets.UNKNOWN_PROCESS) {
            return identity == otherIdentity;
        }
        return process.isAlive() || !Signals.isInUse(pid);
    }

    /// Whether it is a child of this JVM.
    boolean isChild() {
        return process != null;
    }

    /// Whether the peer is the parent of this process, and this process has connected to it.
    boolean isParent() {
        return bootstrap != null && bootstrap.isParent();
    }

    /// Whether it is a child that is known to have ended.
    public boolean hasEnded() {
        return process != null && !process.isAlive();
    }

    /// The kernel's number of the process.
    public long pid() {
        return pid;
    }

    /// The name of its program, if it is not a child; empty if that is not known.
    public String program() {
        return program;
    }

    /// The way by which this process became the peer's client; null if it did not.
    @Nullable
    public Bootstrap bootstrap() {
        return bootstrap;
    }

    /// Adds a receiver that came from it.
    public void add(Inbound receiver) {
        synchronized (receivers) {
            receivers.add(receiver);
        }
    }

    /// The receivers that came from it and are still in use.
    public List<Inbound> receivers() {
        synchronized (receivers) {
            return List.copyOf(receivers);
        }
    }

    /// The process in the middle of a sentence: `child=app.Prices, pid=4711`.
    public String shown() {
        return PeerAccount.shown(name, pid) + (program.isEmpty() ? "" : " (" + program + ")");
    }

    /// The facts known of it now.
    ///
    /// @param mayWait whether the caller may wait for the exit code; many ends that came from the
    /// same process wait no longer than one of them
    /// @param isDying whether the process is known to die: then the wait for its exit code is half
    /// a second, else 50 ms, from the first call on
    public PeerAccount account(boolean mayWait, boolean isDying) {
        Process child = process;
        boolean isOver = child != null && hasEnded(child,
                mayWait ? patienceNanos(isDying ? DEATH_PATIENCE : EXIT_PATIENCE) : 0);
        if (isOver) {
            ended.compareAndSet(null, System.nanoTime());
        }
        Long end = ended.get();
        return new PeerAccount(pid, name,
                child != null ? PeerAccount.CHILD : isParent() ? "the parent" : "",
                bootstrap == null ? "" : bootstrap.ownerPrefix(),
                Duration.ofNanos((end == null ? System.nanoTime() : end) - sinceNanos),
                child != null && isOver ? OptionalInt.of(child.exitValue()) : OptionalInt.empty(),
                isOver ? errorLines.get(mayWait) : List.of(),
                child != null && isOver ? Kill.of(child) : Kill.NONE);
    }

    private long patienceNanos(Duration patience) {
        long now = System.nanoTime();
        Long first = firstAsked.compareAndExchange(null, now);
        return Math.max(0, patience.toNanos() - (first == null ? 0 : now - first));
    }

    private static boolean hasEnded(Process process, long patienceNanos) {
        try {
            return process.waitFor(patienceNanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException _) {
            // The caller sees the interrupt; the exit code is optional.
            Thread.currentThread().interrupt();
            return !process.isAlive();
        }
    }
}
