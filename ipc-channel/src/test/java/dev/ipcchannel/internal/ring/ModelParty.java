package dev.ipcchannel.internal.ring;

import dev.ipcchannel.internal.ring.ModelRequest.Effect;
import dev.ipcchannel.internal.ring.ModelRequest.Outcome;
import dev.ipcchannel.internal.ring.ModelRequest.Shutdown;
import dev.ipcchannel.internal.ring.ModelRequest.Stop;
import dev.ipcchannel.internal.ring.ModelRequest.Store;
import dev.ipcchannel.internal.ring.ModelScenario.Hardware;
import java.util.ArrayList;
import java.util.List;

/// The belongings of one side: its process, its store buffer, and its end of the socket.
///
/// @param buffer what the process has done and the peer cannot see yet, in the order of the actions
/// @param packets bells that wait at this side's end of the socket
/// @param isDead whether the process was killed; its buffer drains all the same
/// @param hasEnded whether the peer can see that this side's end of the socket is gone
record ModelParty(ModelProcess process, List<Effect> buffer, int packets, boolean isDead,
        boolean hasEnded) {

    static ModelParty starting(ModelProcess process) {
        return new ModelParty(process, List.of(), 0, false, false);
    }

    /// Whether the process will never do anything again.
    boolean hasFinished() {
        return isDead || process.hasStopped();
    }

    boolean hasStoppedAs(Outcome outcome) {
        return process.request() instanceof Stop stop && stop.outcome() == outcome;
    }

    boolean isSleeping() {
        return !isDead && process.request() instanceof ModelRequest.Await;
    }

    ModelParty answered(long answer) {
        return new ModelParty(process.after(answer), buffer, packets, isDead, hasEnded);
    }

    /// Goes on, with one more effect that the peer sees in time.
    ModelParty answered(long answer, Effect effect) {
        return new ModelParty(process.after(answer), bufferWith(effect), packets, isDead, hasEnded);
    }

    /// Dies here. Its processor's stores still drain, and after them the kernel closes the socket.
    ModelParty killed() {
        return new ModelParty(process, bufferWith(new Shutdown()), packets, true, hasEnded);
    }

    ModelParty withoutEffect(int index) {
        List<Effect> rest = new ArrayList<>(buffer);
        rest.remove(index);
        return new ModelParty(process, rest, packets, isDead, hasEnded);
    }

    /// One bell more, unless the socket's queue is full.
    ModelParty withBell(int queueCapacity) {
        int more = Math.min(packets + 1, queueCapacity);
        return new ModelParty(process, buffer, more, isDead, hasEnded);
    }

    ModelParty withoutBell() {
        return new ModelParty(process, buffer, packets - 1, isDead, hasEnded);
    }

    ModelParty ended() {
        return new ModelParty(process, buffer, packets, isDead, true);
    }

    /// Whether the buffered effect may be the next that the peer sees.
    boolean mayBecomeVisible(int index, Hardware hardware) {
        if (index == 0) {
            return true;
        }
        if (hardware == Hardware.X86_64
                || !(buffer.get(index) instanceof Store store)
                || store.isRelease()) {
            return false;
        }
        for (Effect earlier : buffer.subList(0, index)) {
            if (earlier instanceof Store former && former.overlaps(store)) {
                return false;
            }
        }
        return true;
    }

    private List<Effect> bufferWith(Effect effect) {
        List<Effect> longer = new ArrayList<>(buffer);
        longer.add(effect);
        return longer;
    }

    /// The history and the length of the buffer nearly say what is in it: cheap, and seldom wrong.
    @Override
    public int hashCode() {
        int flags = (isDead ? 1 : 0) + (hasEnded ? 2 : 0) + 4 * packets + 16 * buffer.size();
        return 31 * System.identityHashCode(process) + flags;
    }
}
