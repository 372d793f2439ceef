package dev.ipcchannel.internal.job;

import dev.ipcchannel.internal.job.RecallRequest.Effect;
import java.util.ArrayList;
import java.util.List;

/// The belongings of one side: its process, and what it has done that the other side cannot see
/// yet.
///
/// All of that is stored with release, so it becomes visible in the order in which it was done, on
/// AArch64 as on x86-64; only loads go ahead of it.
///
/// @param unseen by the other side, in the order of the doing
/// @param messages that this side can receive
/// @param hasEnded whether the other side can see that this process is gone
record RecallParty(RecallProcess process, List<Effect> unseen, List<Long> messages, boolean isDead,
        boolean hasEnded) {

    static RecallParty starting(RecallProcess process) {
        return new RecallParty(process, List.of(), List.of(), false, false);
    }

    /// Whether the process will never do anything again.
    boolean hasFinished() {
        return isDead || process.hasStopped();
    }

    RecallParty answered(long answer) {
        return new RecallParty(process.after(answer), unseen, messages, isDead, hasEnded);
    }

    RecallParty after(Effect effect) {
        return new RecallParty(process.after(0), with(unseen, effect), messages, isDead, hasEnded);
    }

    RecallParty received(long message) {
        return new RecallParty(process.after(message), unseen,
                messages.subList(1, messages.size()), isDead, hasEnded);
    }

    RecallParty withMessage(long message) {
        return new RecallParty(process, unseen, with(messages, message), isDead, hasEnded);
    }

    RecallParty withOneSeen() {
        return new RecallParty(process, unseen.subList(1, unseen.size()), messages, isDead,
                hasEnded);
    }

    /// Dies here. Its processor's stores still become visible, and the end of its process after
    /// them.
    RecallParty killed() {
        return new RecallParty(process, with(unseen, new RecallRequest.Ended()), messages, true,
                hasEnded);
    }

    RecallParty ended() {
        return new RecallParty(process, unseen, messages, isDead, true);
    }

    private static <T> List<T> with(List<T> list, T one) {
        List<T> longer = new ArrayList<>(list.size() + 1);
        longer.addAll(list);
        longer.add(one);
        return longer;
    }

    /// Cheap, and seldom wrong.
    @Override
    public int hashCode() {
        int flags = (isDead ? 1 : 0) + (hasEnded ? 2 : 0) + 4 * unseen.size();
        return 31 * System.identityHashCode(process) + flags + 64 * messages.hashCode();
    }
}
