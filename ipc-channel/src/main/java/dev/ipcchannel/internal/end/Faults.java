package dev.ipcchannel.internal.end;

import dev.ipcchannel.internal.posix.Descriptor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The faults that a test has asked for on an in-process channel: late messages, no room, deaths.
///
/// They apply to the ends that were made with the channel, and to the shares and exclusive senders
/// made from these, but not to an end that comes out of a message. Any thread may use it.
public final class Faults {

    private static final String SENDER_KILLED = "this sender was killed by its test";
    private static final String RECEIVER_KILLED = "this receiver was killed by its test";

    /// A sender on this channel.
    public interface FaultySender {

        /// Ends the sender's wait for room, so that it looks for room again.
        void wakeup();

        /// Ends the sender as the kernel does when it kills the sender's process.
        void kill(String reason);

        /// Makes the sender check whether its receiver is there.
        void lookAtReceiver();
    }

    // Each with the outbox that has its lane.
    private final Map<FaultySender, Object> senders = new ConcurrentHashMap<>();
    // Lanes that are announced and not yet taken up, by the kernel's identity of their memory file:
    // no other value says which announced lane is which.
    private final Map<Object, LaneFaults> announced = new ConcurrentHashMap<>();
    private volatile Duration delay = Duration.ZERO;
    private volatile boolean isFull;
    private volatile boolean isSenderKilled;

    /// From now on each message can be received only `newDelay` after it was committed.
    public void delay(Duration newDelay) {
        delay = newDelay;
    }

    private Duration delay() {
        return delay;
    }

    /// From now on no sender finds room.
    public void fill() {
        isFull = true;
    }

    /// Lets senders find the room there is again; wakes those that wait.
    public void makeRoom() {
        isFull = false; // before the wake-up: a sender that arms after it sees the store
        senders.keySet().forEach(FaultySender::wakeup);
    }

    private boolean isFull() {
        return isFull;
    }

    /// Ends every sender here as the kernel does when it kills their process.
    public void killSender() {
        isSenderKilled = true; // before the look: see join
        while (!senders.isEmpty()) { // a share may join while its sender is being killed
            List.copyOf(senders.keySet()).forEach(this::kill);
        }
    }

    private void kill(FaultySender sender) {
        senders.remove(sender);
        sender.kill(SENDER_KILLED);
    }

    /// Ends the receiver as the kernel does when it kills its process. Waits as a close of it does.
    ///
    /// @param kill ends the receiver, with the reason
    public void killReceiver(Consumer<String> kill) {
        kill.accept(RECEIVER_KILLED);
        senders.keySet().forEach(FaultySender::lookAtReceiver);
    }

    /// Adds a sender.
    ///
    /// @param outbox of the sender's lane, which other senders may share
    public void join(Object outbox, FaultySender sender) {
        senders.put(sender, outbox);
        if (isSenderKilled) { // store, then load, on both sides: one of them sees the other
            kill(sender);
        }
    }

    /// Removes a sender that has ended.
    public void leave(FaultySender sender) {
        senders.remove(sender);
    }

    /// Removes all senders with this outbox.
    public void leaveAll(Object outbox) {
        senders.values().removeIf(outbox::equals);
    }

    /// Adds a lane that a sender here is about to announce.
    public LaneFaults announce(Descriptor memory) {
        LaneFaults lane = new LaneFaults(this::isFull, this::delay);
        announced.put(identity(memory), lane);
        return lane;
    }

    /// Removes a lane whose announcement failed.
    public void withdraw(Descriptor memory) {
        announced.remove(identity(memory));
    }

    /// Removes and returns the faults of a lane that the receiver takes up.
    ///
    /// @return null if the lane belongs to no sender here
    @Nullable
    public LaneFaults takeUp(Descriptor memory) {
        return announced.remove(identity(memory));
    }

    private static Object identity(Descriptor file) {
        try {
            Path path = Path.of("/proc/self/fd/" + file.number());
            Object key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
            return key == null ? path : key;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
