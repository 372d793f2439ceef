package dev.ipcchannel.testing.children;

import dev.ipcchannel.Disconnected;
import dev.ipcchannel.IpcException;
import dev.ipcchannel.ProtocolViolation;
import dev.ipcchannel.ResourceExhausted;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.testing.HostileLane;

/// The faults that a hostile child writes into the words of a lane that its parent sends through.
public enum ReaderFault {

    /// A position after all that was written.
    AHEAD {
        @Override
        void commit(HostileLane lane) {
            lane.store(position(lane), 1L << 40);
        }
    },

    /// A position below the first one.
    NEGATIVE {
        @Override
        void commit(HostileLane lane) {
            lane.store(position(lane), -64);
        }
    },

    /// A position in the middle of a line.
    ODD {
        @Override
        void commit(HostileLane lane) {
            lane.store(position(lane), 8);
        }
    },

    /// A notice that it reads no more.
    CLOSED {
        @Override
        void commit(HostileLane lane) {
            lane.store(lane.capacity() + 264L, 1);
        }
    },

    /// An end of the lane's socket without a notice.
    SOCKET_ENDED {
        @Override
        void commit(HostileLane lane) {
            Sockets.shutdown(lane.socket());
        }
    };

    /// The parent's failure. An end of the socket only, with nothing read, comes from a receiver
    /// that lacks the resources for a refusal.
    public Class<? extends IpcException> failure() {
        return switch (this) {
            case AHEAD, NEGATIVE, ODD -> ProtocolViolation.class;
            case SOCKET_ENDED -> ResourceExhausted.class;
            default -> Disconnected.class;
        };
    }

    abstract void commit(HostileLane lane);

    private static long position(HostileLane lane) {
        return lane.capacity() + HostileLane.READER_POSITION;
    }
}
