package dev.ipcchannel.internal.flight;

import dev.ipcchannel.internal.base.Printable;

/// The maker of the events. Loaded, with their classes, by the first happening after a recording
/// was started.
final class Recorder {

    private Recorder() {}

    static void opened(String side, long laneId, long pid, String messageType, int capacity) {
        Events.ChannelOpen event = new Events.ChannelOpen();
        if (event.shouldCommit()) {
            event.laneId = laneId;
            event.side = side;
            event.pid = pid;
            event.messageType = Printable.of(messageType);
            event.capacity = capacity;
            event.commit();
        }
    }

    static void closed(String side, long laneId, String reason, long position) {
        Events.ChannelClose event = new Events.ChannelClose();
        if (event.shouldCommit()) {
            event.laneId = laneId;
            event.side = side;
            event.reason = reason;
            event.position = position;
            event.commit();
        }
    }

    static void died(String side, long laneId, long pid, long position) {
        Events.PeerDeath event = new Events.PeerDeath();
        if (event.shouldCommit()) {
            event.laneId = laneId;
            event.side = side;
            event.pid = pid;
            event.position = position;
            event.commit();
        }
    }

    static void violated(String side, long laneId, long pid, String message) {
        Events.ProtocolViolation event = new Events.ProtocolViolation();
        if (event.shouldCommit()) {
            event.laneId = laneId;
            event.side = side;
            event.pid = pid;
            event.message = message;
            event.commit();
        }
    }

    static void spilled(long laneId, long position, long length, long capacity) {
        Events.Spill event = new Events.Spill();
        if (event.shouldCommit()) {
            event.laneId = laneId;
            event.position = position;
            event.length = length;
            event.capacity = capacity;
            event.commit();
        }
    }

    static void sent(long laneId, long position, long length) {
        Events.MessageSent event = new Events.MessageSent();
        if (event.shouldCommit()) {
            event.laneId = laneId;
            event.position = position;
            event.length = length;
            event.commit();
        }
    }

    static void received(long laneId, long position, long length) {
        Events.MessageReceived event = new Events.MessageReceived();
        if (event.shouldCommit()) {
            event.laneId = laneId;
            event.position = position;
            event.length = length;
            event.commit();
        }
    }

    static Object blockBegins() {
        Events.LongBlock event = new Events.LongBlock();
        event.begin();
        return event;
    }

    static void blockEnds(Object block, String waitedFor, long laneId, String messageType) {
        if (block instanceof Events.LongBlock event) {
            event.end();
            if (event.shouldCommit()) {
                event.laneId = laneId;
                event.waitedFor = waitedFor;
                event.messageType = Printable.of(messageType);
                event.commit();
            }
        }
    }
}
