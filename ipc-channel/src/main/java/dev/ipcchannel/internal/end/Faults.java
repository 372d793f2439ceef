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

/// The faults that a test has asked for on an in-process channel: messages that come late, no room,
/// deaths.
///
/// The ends that were made with the channel know it, and the shares and exclusive senders made of
/// these; an end that comes out of a message does not. Any thread may use it.
public final class Faults {

    private static final String SENDER_KILLED = "this sender was killed by its test";
    private static final String RECEIVER_KILLED = "this receiver was killed by its test";

    /// A sender here.
    public interface Party {

        /// Ends its wait for room, so that it looks for some again.
        void wakeup();

        /// Ends it as the kernel does when it kills its process.
        void kill(String reason);

        /// Has it look whether its receiver is there.
        void lookAtReceiver();
    }

    private final Map<Party, Object> parties = new ConcurrentHashMap<>(); // with what has their lane
    // Lanes that are announced and not yet taken up, by what their memory file is to the kernel:
    // nothing else tells which one of an announcement's lanes is which one of ours.
    private final Map<Object, LaneFaults> announced = new ConcurrentHashMap<>();
    private volatile Duration delay = Duration.ZERO;
    private volatile boolean isFull;
    private volatile boolean isSenderKilled;

    /// From now on each message can be received only so long after it was committed.
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

    /// Senders find what room there is again; those that wait are woken.
    public void makeRoom() {
        isFull = false; // before the wake-up: who arms after it sees it
        parties.keySet().forEach(Party::wakeup);
    }

    private boolean isFull() {
        return isFull;
    }

    /// Ends every sender here as the kernel does when it kills their process.
    public void killSender() {
        isSenderKilled = true; // before the look: see join
        while (!parties.isEmpty()) { // one may come while its elder is being killed
            List.copyOf(parties.keySet()).forEach(this::kill);
        }
    }

    private void kill(Party party) {
        parties.remove(party);
        party.kill(SENDER_KILLED);
    }

    /// Ends the receiver as the kernel does when it kills its process. Waits as its close does.
    ///
    /// @param kill ends it, with the reason
    public void killReceiver(Consumer<String> kill) {
        kill.accept(RECEIVER_KILLED);
        parties.keySet().forEach(Party::lookAtReceiver);
    }

    /// One more sender is here.
    ///
    /// @param outbox has its lane, and perhaps that of others
    public void join(Object outbox, Party party) {
        parties.put(party, outbox);
        if (isSenderKilled) { // one side sees the other
            kill(party);
        }
    }

    /// A sender has gone.
    public void leave(Party party) {
        parties.remove(party);
    }

    /// All senders with this outbox have gone.
    public void leaveAll(Object outbox) {
        parties.values().removeIf(outbox::equals);
    }

    /// A sender here is about to announce a lane in this memory.
    public LaneFaults announce(Descriptor memory) {
        LaneFaults lane = new LaneFaults(this::isFull, this::delay);
        announced.put(identity(memory), lane);
        return lane;
    }

    /// The lane in this memory was not announced.
    public void withdraw(Descriptor memory) {
        announced.remove(identity(memory));
    }

    /// The receiver takes up a lane in this memory.
    ///
    /// @return null if it is no sender's here
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
