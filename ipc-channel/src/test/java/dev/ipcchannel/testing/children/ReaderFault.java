package dev.ipcchannel.testing.children;

import dev.ipcchannel.Disconnected;
import dev.ipcchannel.IpcException;
import dev.ipcchannel.ProtocolViolation;
import dev.ipcchannel.ResourceExhausted;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.testing.HostileLane;

/// The words that a hostile child writes into the words of a lane that its parent sends through.
public enum ReaderFault {

    /// It says that it has read what was never written.
    AHEAD {
        @Override
        void commit(HostileLane lane) {
            lane.store(position(lane), 1L << 40);
        }
    },

    /// It says that it has read less than nothing.
    BEHIND {
        @Override
        void commit(HostileLane lane) {
            lane.store(position(lane), -64);
        }
    },

    /// It says that it stands in the middle of a line.
    ODD {
        @Override
        void commit(HostileLane lane) {
            lane.store(position(lane), 8);
        }
    },

    /// It says that it reads no more.
    CLOSED {
        @Override
        void commit(HostileLane lane) {
            lane.store(lane.capacity() + 264L, 1);
        }
    },

    /// It ends the lane's socket and says nothing.
    SOCKET_ENDED {
        @Override
        void commit(HostileLane lane) {
            Sockets.shutdown(lane.socket());
        }
    };

    /// What the parent is told: an end of the socket alone, nothing read, is what a receiver leaves
    /// that lacks what it takes to refuse.
    public Class<? extends IpcException> told() {
        return switch (this) {
            case AHEAD, BEHIND, ODD -> ProtocolViolation.class;
            case SOCKET_ENDED -> ResourceExhausted.class;
            default -> Disconnected.class;
        };
    }

    abstract void commit(HostileLane lane);

    private static long position(HostileLane lane) {
        return lane.capacity() + HostileLane.READER_POSITION;
    }
}
