package dev.ipcchannel.internal.flight;

import jdk.jfr.FlightRecorder;
import org.jspecify.annotations.Nullable;

/// The events for the JDK's flight recorder, with a method for each. Before the first recording in
/// this process, a call is one load and a branch. Any thread may call it.
///
/// A lane's id and a record's position in its ring name one message in both processes.
public final class Flight {

    /// The name of a lane's sending side.
    public static final String SENDER = "sender";
    /// The name of a lane's receiving side.
    public static final String RECEIVER = "receiver";

    // A constant if the module is missing: then the compiler removes all calls.
    private static final boolean IS_THERE = isThere();

    private Flight() {}

    // FlightRecorder has no initialiser and needs no other classes: it is loaded once in about 0.1
    // ms, measured in fresh JVMs, with the first lane. A first event would load some hundred more
    // classes and take a hundred milliseconds. There is no cheaper test: recordings can be started
    // at any time, by code and from outside, and no method says whether a class is loaded.
    private static boolean isThere() {
        try {
            boolean _ = FlightRecorder.isInitialized();
            return true;
        } catch (LinkageError _) { // the module jdk.jfr is not in this JVM
            return false;
        }
    }

    /// Whether a recording runs, or has run: it spares the caller work that only events need.
    public static boolean isOn() {
        return IS_THERE && FlightRecorder.isInitialized();
    }

    /// A lane was made, or taken up.
    ///
    /// @param side this process's
    /// @param pid of the other process, 0 if it is not known
    public static void opened(String side, long laneId, long pid, String messageType,
            int capacity) {
        if (isOn()) {
            Events.opened(side, laneId, pid, messageType, capacity);
        }
    }

    /// This process has ended its side of a lane.
    ///
    /// @param position that it reached in the ring
    public static void closed(String side, long laneId, String reason, long position) {
        if (isOn()) {
            Events.closed(side, laneId, reason, position);
        }
    }

    /// The process at the other end of a lane has ended without a close.
    public static void died(String side, long laneId, long pid, long position) {
        if (isOn()) {
            Events.died(side, laneId, pid, position);
        }
    }

    /// The other side broke the format.
    ///
    /// @param laneId 0 if there was no lane yet
    public static void violated(String side, long laneId, long pid, String message) {
        if (isOn()) {
            Events.violated(side, laneId, pid, message);
        }
    }

    /// A message that is too long for the ring was sent.
    ///
    /// @param capacity of the memory file that it lies in
    public static void spilled(long laneId, long position, long length, long capacity) {
        if (isOn()) {
            Events.spilled(laneId, position, length, capacity);
        }
    }

    /// A message was committed.
    public static void sent(long laneId, long position, long length) {
        if (isOn()) {
            Events.sent(laneId, position, length);
        }
    }

    /// A message was found.
    public static void received(long laneId, long position, long length) {
        if (isOn()) {
            Events.received(laneId, position, length);
        }
    }

    /// A wait begins.
    ///
    /// @return the argument for [#blockEnds]; null if there is no recording
    public static @Nullable Object blockBegins() {
        return isOn() ? Events.blockBegins() : null;
    }

    /// A wait has ended.
    ///
    /// @param block the result of [#blockBegins]
    /// @param waitedFor the word for the condition
    /// @param laneId 0 for a receiver, which waits on all of its lanes
    public static void blockEnds(@Nullable Object block, String waitedFor, long laneId,
            String messageType) {
        if (block != null) {
            Events.blockEnds(block, waitedFor, laneId, messageType);
        }
    }
}
