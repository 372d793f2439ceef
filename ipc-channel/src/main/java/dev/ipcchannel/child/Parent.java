package dev.ipcchannel.child;

import dev.ipcchannel.internal.posix.Platform;
import dev.ipcchannel.internal.rendezvous.Parenthood;
import dev.ipcchannel.transport.Transport;
import dev.ipcchannel.transport.TransportAccess;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// The parent of this process, as the marks have it that it was started with.
final class Parent {

    private static final int MAX_JOBS = 65_536;

    private static final AtomicBoolean IS_CONNECTED = new AtomicBoolean();
    private static final AtomicBoolean IS_LOOKED_AHEAD = new AtomicBoolean();

    private Parent() {}

    /// This process has connected: its parent waits no more.
    static void connected() {
        IS_CONNECTED.set(true);
    }

    /// Where to connect. A process that asks is the child: it is settled before that place is gone.
    static String address() {
        String address = said(Parenthood.ADDRESS);
        boolean _ = Parenthood.isChild();
        if (IS_CONNECTED.get()) {
            throw new IllegalStateException("this process has connected with its parent already:"
                    + " ChildJvm.parent or Worker.connect is called once: keep what it returns");
        }
        return address;
    }

    /// The transport of the library's that the parent has chosen.
    static Transport transport() {
        String _ = address(); // what is missing first, where nothing is there
        String name = said(Parenthood.TRANSPORT);
        Transport own = TransportAccess.own(name);
        if (own != null) {
            lookAhead();
            return own;
        }
        throw new IllegalStateException("the parent has a transport that is not the library's:"
                + " transport=" + name + ": give the same one here");
    }

    /// That transport, if it is the parent's.
    static Transport checked(Transport transport) {
        String _ = address();
        String name = said(Parenthood.TRANSPORT);
        if (!transport.name().equals(name)) {
            throw new IllegalStateException(
                    ("the parent has another transport: transport=%s, the parent's=%s: give the"
                            + " same one here").formatted(transport.name(), name));
        }
        if (TransportAccess.isOwn(transport)) {
            lookAhead(); // another one may need neither
        }
        return transport;
    }

    /// This process is about to connect by a transport of the library's: what takes long there
    /// begins on another thread.
    private static void lookAhead() {
        if (IS_LOOKED_AHEAD.compareAndSet(false, true)) {
            Platform.lookAhead(Parenthood::lookAhead);
        }
    }

    /// How many jobs it gives at once.
    static int jobs() {
        String jobs = Parenthood.said(Parenthood.JOBS);
        try {
            return jobs == null ? 1 : Math.clamp(Integer.parseInt(jobs), 1, MAX_JOBS);
        } catch (NumberFormatException _) { // somebody else's doing
            return 1;
        }
    }

    private static String said(String name) {
        @Nullable
        String value = Parenthood.said(name);
        if (value == null) {
            throw new IllegalStateException("no parent has started this program, which does the"
                    + " part of a child or a worker: start its parent, which starts this by ChildJvm"
                    + " or a WorkerSet, or ask ChildJvm.isChild() before where one program does"
                    + " both parts (Socket environment variable not set: variable=" + name + ")");
        }
        return value;
    }
}
