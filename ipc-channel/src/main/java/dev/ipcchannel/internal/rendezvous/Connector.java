package dev.ipcchannel.internal.rendezvous;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.base.Printable;
import dev.ipcchannel.internal.end.PacketLifeline;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Errno;
import dev.ipcchannel.internal.posix.FileNames;
import dev.ipcchannel.internal.posix.PosixException;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.internal.posix.Users;
import dev.ipcchannel.internal.send.Outbox;
import dev.ipcchannel.internal.wire.Hello;
import dev.ipcchannel.internal.wire.LaneSettings;

/// The client's side: it finds the server by its name and greets.
public final class Connector {

    private Connector() {}

    /// Connects to the server called `name` and returns the way into the bootstrap channel, whose
    /// other end is sent with the greeting. Waits only while the server's queue of connections is
    /// full; an interrupt does not end that wait.
    ///
    /// @throws IllegalArgumentException if it cannot be a server's name
    /// @throws RendezvousException if there is no server, or another program, or if the queue is
    /// full up to the deadline
    public static Outbox connect(String name, LaneSettings settings, Deadline deadline) {
        checkName(name);
        boolean isParent = ParentProcess.isParent(name); // before the name is gone
        Descriptor connection = open(name, deadline);
        try {
            Sockets.Credentials server = Sockets.peer(connection);
            if (server.uid() != Users.effective()) {
                throw refused(name, "it belongs to another user: uid=%d, ours=%d"
                        .formatted(server.uid(), Users.effective()));
            }
            return enter(name, connection, settings, server.pid(), isParent);
        } catch (RuntimeException | Error failure) {
            Sockets.hangUp(connection);
            throw failure;
        }
    }

    /// Greets, and keeps the connection from then on.
    private static Outbox enter(String name, Descriptor connection, LaneSettings settings,
            long serverPid, boolean isParent) {
        Sockets.Pair bootstrap = Sockets.pair();
        try {
            if (isParent) {
                ParentProcess.onConnecting(serverPid); // before the parent can send work
            }
            greet(name, connection, bootstrap.second(), settings.messageType());
            PacketLifeline kept = PacketLifeline.ofClient(connection);
            if (isParent) {
                ParentProcess.follow(kept);
            }
            try {
                return Outbox.bootstrap(bootstrap.first(), settings, serverPid, name, isParent,
                        kept);
            } catch (RuntimeException | Error failure) {
                kept.drop();
                throw failure;
            }
        } catch (RuntimeException | Error failure) {
            Sockets.end(bootstrap.first());
            throw failure;
        } finally {
            bootstrap.second().close(); // a copy here would hide the close of the server's end
        }
    }

    private static void greet(String name, Descriptor connection, Descriptor announcement,
            String messageType) {
        switch (Hello.send(connection, announcement, messageType)) {
            case SENT -> { /* it will be read */ }
            case GONE -> throw noListener(name);
            case FULL -> throw exhausted(name, "the connection has no room for the greeting");
            case TOO_MANY_IN_FLIGHT -> throw exhausted(name,
                    "too many descriptors of this user are on their way between processes: "
                            + "let receivers take up what was sent to them, or raise ulimit -n");
        }
    }

    private static void checkName(String name) {
        if (!FileNames.canHold(name)) {
            throw new IllegalArgumentException(
                    ("a server's name has letters that this locale does not have: name=%s,"
                            + " charset=%s")
                            .formatted(Printable.path(name), FileNames.CHARSET)
                            + ": set LC_ALL=C.UTF-8");
        }
        int length = FileNames.bytes(name).length;
        if (length > Sockets.MAX_PATH) {
            throw new IllegalArgumentException(
                    "a server's name has at most %d bytes: length=%d, name=%s"
                            .formatted(Sockets.MAX_PATH, length, Printable.path(name)));
        }
        if (!ServerDirectory.isServerName(name)) {
            throw new IllegalArgumentException(
                    "not the name of a one-shot server: name=%s: pass it as the server gives it, "
                            .formatted(Printable.path(name))
                            + "such as /tmp/ipc-channel-<32 hexadecimal digits>/server");
        }
        if (!ServerDirectory.isTrustworthy(name)) {
            throw refused(name, "its directory is not this user's alone");
        }
    }

    private static Descriptor open(String name, Deadline deadline) {
        try {
            return Sockets.connect(name, deadline);
        } catch (PosixException failure) {
            throw switch (failure.errno()) {
                case Errno.ENOENT, Errno.ECONNREFUSED -> noListener(name);
                case Errno.EAGAIN -> new RendezvousException(RendezvousException.Kind.QUEUE_FULL,
                        "too many others wait there to be accepted: name=" + name
                                + ": try again once its process has accepted or closed it");
                case Errno.EACCES, Errno.EPERM -> refused(name, "this user may not connect to it");
                case Errno.EPROTOTYPE -> refused(name, "it is a socket of another kind");
                default -> failure;
            };
        }
    }

    private static RendezvousException noListener(String name) {
        return new RendezvousException(RendezvousException.Kind.NOBODY_THERE,
                "no server waits there: name=" + name
                        + ": it has accepted its client, was closed, or its process has ended:"
                        + " start it again and use its new name; or this process sees other"
                        + " folders than that one (a container, unshare, PrivateTmp): let both"
                        + " have that folder");
    }

    private static RendezvousException exhausted(String name, String reason) {
        return new RendezvousException(RendezvousException.Kind.EXHAUSTED,
                "cannot greet the server there: name=%s: %s".formatted(name, reason));
    }

    private static RendezvousException refused(String name, String reason) {
        return new RendezvousException(RendezvousException.Kind.REFUSED,
                "cannot talk to the server there: name=%s: %s"
                        .formatted(name, reason));
    }
}
