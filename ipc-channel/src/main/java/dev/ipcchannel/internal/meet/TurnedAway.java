package dev.ipcchannel.internal.meet;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.base.Log;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.PosixException;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.internal.posix.Users;
import dev.ipcchannel.internal.wire.Greeting;
import java.util.List;

/// The check of a newcomer against the present members, and its notification of those that may wait
/// for a member like it. They do not read its entry, and without the notification would only report
/// that no counterpart has come.
///
/// It is sent once, without a wait: a process that has no room for it is not notified. Used by one
/// thread.
final class TurnedAway implements AutoCloseable {

    private static final int MOST_NOTIFIED = 64; // notified members of a name

    private final NameFolder folder;
    private final Entry newcomer;
    private final String typeName;
    private List<Found> by = List.of(); // those that were there, once it is turned away

    /// @param typeName its user's name for the type of its messages; empty if it is not known
    TurnedAway(NameFolder folder, Entry newcomer, String typeName) {
        this.folder = folder;
        this.newcomer = newcomer;
        this.typeName = typeName;
    }

    /// Checks the newcomer. Called under the lock of the name.
    ///
    /// @throws MeetingException if there is a conflict
    void check(List<Found> members) {
        by = members;
        Conflicts.check(folder.name(), newcomer, typeName, members);
        by = List.of();
    }

    /// Notifies members of other roles, if it was turned away. Not called under that lock.
    @Override
    public void close() {
        by.stream().filter(one -> isOfOtherRole(one, newcomer)).limit(MOST_NOTIFIED)
                .forEach(one -> send(folder, newcomer, one));
    }

    private static boolean isOfOtherRole(Found one, Entry newcomer) {
        Entry there = one.entry();
        return there != null && !there.role().equals(newcomer.role());
    }

    private static void send(NameFolder folder, Entry newcomer, Found one) {
        Entry there = one.entry();
        String reason = there == null ? "" : Conflicts.wordsForPresent(newcomer, there);
        if (reason.isEmpty()) {
            return;
        }
        try {
            send(folder.socket(one.id()).toString(), reason);
        } catch (PosixException failure) { // about to end, stopped, or not a member
            Log.debug("a member of a name was not notified of a refused newcomer", failure);
        }
    }

    private static void send(String socket, String reason) {
        Descriptor connection = Sockets.connect(socket, Deadline.NOW);
        try {
            if (Sockets.peer(connection).uid() == Users.effective()) {
                Greeting.refuse(connection, reason);
            }
        } finally {
            Sockets.hangUp(connection); // what was sent can still be read
        }
    }
}
