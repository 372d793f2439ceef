package dev.ipcchannel.internal.flight;

import dev.ipcchannel.internal.base.Printable;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.MetadataDefinition;
import jdk.jfr.Name;
import jdk.jfr.Relational;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;

/// The events as the flight recorder knows them, and a method that makes each: users filter by
/// their names and fields. The class is loaded by the first event after a recording was started.
///
/// Events of one lane have its id, a random number of the writer's, in both processes. Lane id and
/// position identify a message in the recordings of both.
final class Events {

    private static final String PREFIX = "dev.ipcchannel.";
    private static final String CATEGORY = "IPC Channel";

    private Events() {}

    /// The tie between the fields of events about the same lane.
    @MetadataDefinition
    @Relational
    @Label("Lane Id")
    @Description("The number of a lane in both of its processes; 0 if there is none")
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.FIELD)
    @interface LaneId {}

    /// The fields of all events about a lane.
    @Category(CATEGORY)
    @StackTrace(false)
    abstract static class OfLane extends Event {

        @LaneId
        @Label("Lane Id")
        long laneId;
    }

    /// The fields of all events about a place in a lane.
    @Category(CATEGORY)
    @StackTrace(false)
    abstract static class AtPosition extends OfLane {

        @Label("Position")
        @Description("Of the record in the ring: with the lane id, the same in both processes")
        long position;
    }

    /// The event of a new lane.
    @Name(PREFIX + "ChannelOpen")
    @Label("Channel Open")
    @Category(CATEGORY)
    @Description("A process has made a lane into a channel, or a receiver has taken it up")
    @StackTrace
    static final class ChannelOpen extends OfLane {

        @Label("Side")
        @Description("What this process does: it is the lane's sender or its receiver")
        String side = "";

        @Label("Other Process")
        @Description("The process at the other end; 0 if it is not known")
        long pid;

        @Label("Message Type")
        String messageType = "";

        @Label("Capacity")
        @Description("Bytes of the ring")
        @DataAmount
        long capacity;
    }

    /// The event of a lane that has ended here.
    @Name(PREFIX + "ChannelClose")
    @Label("Channel Close")
    @Category(CATEGORY)
    @Description("A process is done with a lane")
    @StackTrace(false)
    static final class ChannelClose extends AtPosition {

        @Label("Side")
        @Description("What this process did: it was the lane's sender or its receiver")
        String side = "";

        @Label("Reason")
        String reason = "";
    }

    /// The event of another process that has ended without a close.
    @Name(PREFIX + "PeerDeath")
    @Label("Peer Death")
    @Category(CATEGORY)
    @Description("The process at the other end of a lane has ended without closing it")
    @StackTrace(false)
    static final class PeerDeath extends AtPosition {

        @Label("Side")
        @Description("What this process does: it is the lane's sender or its receiver")
        String side = "";

        @Label("Dead Process")
        @Description("0 if it is not known")
        long pid;
    }

    /// The event of another process that broke the format.
    @Name(PREFIX + "ProtocolViolation")
    @Label("Protocol Violation")
    @Category(CATEGORY)
    @Description("The process at the other end broke the format; that connection is closed")
    @StackTrace(false)
    static final class ProtocolViolation extends OfLane {

        @Label("Side")
        @Description("What this process does: it is the lane's sender or its receiver")
        String side = "";

        @Label("Other Process")
        @Description("0 if it is not known")
        long pid;

        @Label("Message")
        String message = "";
    }

    /// The event of a message too long for the ring.
    @Name(PREFIX + "Spill")
    @Label("Spill")
    @Category(CATEGORY)
    @Description("A message that is too long for the ring was sent in a memory file of its own")
    @StackTrace(false)
    static final class Spill extends AtPosition {

        @Label("Length")
        @Description("Bytes of the message")
        @DataAmount
        long length;

        @Label("Capacity")
        @Description("Bytes of the memory file")
        @DataAmount
        long capacity;
    }

    /// The event of a sent message.
    @Name(PREFIX + "MessageSent")
    @Label("Message Sent")
    @Category(CATEGORY)
    @Description("A message was committed: it is the receiver's from here on")
    @Enabled(false)
    @StackTrace(false)
    static final class MessageSent extends AtPosition {

        @Label("Length")
        @DataAmount
        long length;
    }

    /// The event of a received message.
    @Name(PREFIX + "MessageReceived")
    @Label("Message Received")
    @Category(CATEGORY)
    @Description("A message was found by its receiver, which now copies or handles it")
    @Enabled(false)
    @StackTrace(false)
    static final class MessageReceived extends AtPosition {

        @Label("Length")
        @DataAmount
        long length;
    }

    /// The event of a thread that had to wait.
    @Name(PREFIX + "LongBlock")
    @Label("Long Block")
    @Category(CATEGORY)
    @Description("A thread waited long in an end of a channel")
    @Threshold("20 ms")
    @StackTrace
    static final class LongBlock extends OfLane {

        @Label("Waited For")
        @Description("message: a receiver, on all of its lanes; room: a sender whose ring is full; "
                + "turn: a sender that another thread uses")
        String waitedFor = "";

        @Label("Message Type")
        String messageType = "";
    }

    static void opened(String side, long laneId, long pid, String messageType, int capacity) {
        ChannelOpen event = new ChannelOpen();
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
        ChannelClose event = new ChannelClose();
        if (event.shouldCommit()) {
            event.laneId = laneId;
            event.side = side;
            event.reason = reason;
            event.position = position;
            event.commit();
        }
    }

    static void died(String side, long laneId, long pid, long position) {
        PeerDeath event = new PeerDeath();
        if (event.shouldCommit()) {
            event.laneId = laneId;
            event.side = side;
            event.pid = pid;
            event.position = position;
            event.commit();
        }
    }

    static void violated(String side, long laneId, long pid, String message) {
        ProtocolViolation event = new ProtocolViolation();
        if (event.shouldCommit()) {
            event.laneId = laneId;
            event.side = side;
            event.pid = pid;
            event.message = message;
            event.commit();
        }
    }

    static void spilled(long laneId, long position, long length, long capacity) {
        Spill event = new Spill();
        if (event.shouldCommit()) {
            event.laneId = laneId;
            event.position = position;
            event.length = length;
            event.capacity = capacity;
            event.commit();
        }
    }

    static void sent(long laneId, long position, long length) {
        MessageSent event = new MessageSent();
        if (event.shouldCommit()) {
            event.laneId = laneId;
            event.position = position;
            event.length = length;
            event.commit();
        }
    }

    static void received(long laneId, long position, long length) {
        MessageReceived event = new MessageReceived();
        if (event.shouldCommit()) {
            event.laneId = laneId;
            event.position = position;
            event.length = length;
            event.commit();
        }
    }

    static Object blockBegins() {
        LongBlock event = new LongBlock();
        event.begin();
        return event;
    }

    static void blockEnds(Object block, String waitedFor, long laneId, String messageType) {
        if (block instanceof LongBlock event) {
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
