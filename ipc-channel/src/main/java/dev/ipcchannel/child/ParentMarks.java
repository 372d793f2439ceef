package dev.ipcchannel.child;

import dev.ipcchannel.internal.posix.Platform;
import dev.ipcchannel.internal.rendezvous.ParentProcess;
import dev.ipcchannel.transport.Transport;
import dev.ipcchannel.transport.TransportAccess;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// The parent of this process, known by the marks that this process was started with.
final class ParentMarks {

    private static final int MAX_JOBS = 65_536;

    private static final AtomicBoolean IS_CONNECTED = new AtomicBoolean();
    private static final AtomicBoolean IS_LOOKED_AHEAD = new AtomicBoolean();

    private ParentMarks() {}

    /// Notes that this process has connected, so that its parent no longer waits.
    static void connected() {
        IS_CONNECTED.set(true);
    }

    /// The address to connect to. A process that calls this is the child; that is decided here,
    /// before the address is gone.
    static String address() {
        String address = requiredMark(ParentProcess.ADDRESS);
        boolean _ = ParentProcess.isChild();
        if (IS_CONNECTED.get()) {
            throw new IllegalStateException("this process has connected with its parent already:"
                    + " ChildJvm.parent or Worker.connect is called once: keep what it returns");
        }
        return address;
    }

    /// The library's transport that the parent has chosen.
    static Transport transport() {
        String _ = address(); // first: its sentence is the right one if no mark is there
        String name = requiredMark(ParentProcess.TRANSPORT);
        Transport own = TransportAccess.own(name);
        if (own != null) {
            lookAhead();
            return own;
        }
        throw new IllegalStateException("the parent has a transport that is not the library's:"
                + " transport=" + name + ": give the same one here");
    }

    /// The given transport, if the parent has the same.
    static Transport checked(Transport transport) {
        String _ = address();
        String name = requiredMark(ParentProcess.TRANSPORT);
        if (!transport.name().equals(name)) {
            throw new IllegalStateException(
                    ("the parent has another transport: transport=%s, the parent's=%s: give the"
                            + " same one here").formatted(transport.name(), name));
        }
        if (TransportAccess.isOwn(transport)) {
            lookAhead(); // another transport may need neither
        }
        return transport;
    }

    /// Starts, on another thread, the slow preparations for a connection by one of the library's
    /// transports.
    private static void lookAhead() {
        if (IS_LOOKED_AHEAD.compareAndSet(false, true)) {
            Platform.lookAhead(ParentProcess::lookAhead);
        }
    }

    /// How many jobs the parent gives at once.
    static int jobs() {
        String jobs = ParentProcess.mark(ParentProcess.JOBS);
        try {
            return jobs == null ? 1 : Math.clamp(Integer.parseInt(jobs), 1, MAX_JOBS);
        } catch (NumberFormatException _) { // set by another program
            return 1;
        }
    }

    private static String requiredMark(String name) {
        @Nullable
        String value = ParentProcess.mark(name);
        if (value == null) {
            throw new IllegalStateException("no parent has started this program, which does the"
                    + " part of a child or a worker: start its parent, which starts this by"
                    + " ChildJvm or a WorkerSet, or ask ChildJvm.isChild() before where one"
                    + " program does both parts (Socket environment variable not set:"
                    + " variable=" + name + ")");
        }
        return value;
    }
}
