package dev.ipcchannel.internal.rendezvous;

import dev.ipcchannel.internal.base.Refusal;
import dev.ipcchannel.internal.lane.LaneSettings;
import dev.ipcchannel.internal.posix.Deadline;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.PollSet;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.internal.posix.Users;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Those who have connected and are neither in nor turned away, in the order in which they came.
///
/// There are only so many of strangers, and so many of the child itself, whatever it does. Used
/// under the server's lock, but for [#rejected].
final class Candidates {

    /// Said to a client whose server has met an error that is no exception.
    static final Refusal SERVER_FAILED =
            new Refusal(false, "an error of the server's JVM came first, which says more there");

    private static final String NEXT = ": start another one for this, and use its name";
    private static final Refusal CLOSED = new Refusal(false, "the server was closed" + NEXT);
    private static final Refusal ANOTHER =
            new Refusal(false, "the server has accepted another client, and accepts one" + NEXT);

    private static final int MAX_STRANGERS = 64;
    private static final int MAX_OF_THE_CHILD = 8; // one that means well connects once

    private final List<Candidate> all = new ArrayList<>();
    private final AtomicInteger rejected = new AtomicInteger();
    private @Nullable String lastRejection;

    /// Takes a connection over.
    ///
    /// @param child the process that is waited for, if one is
    void add(Descriptor connection, @Nullable Child child, LaneSettings settings) {
        try {
            Sockets.Credentials peer = Sockets.peer(connection);
            if (peer.uid() != Users.effective()) {
                Sockets.hangUp(connection);
                reject("it is another user's: uid=%d, ours=%d"
                        .formatted(peer.uid(), Users.effective()));
                return;
            }
            boolean isChild = child != null && peer.pid() == child.process().pid();
            all.add(new Candidate(connection, peer.pid(), isChild ? child : null, settings));
        } catch (RuntimeException | Error failure) {
            Sockets.hangUp(connection);
            throw failure;
        }
    }

    /// All that are there now; some may go while the list is read.
    List<Candidate> all() {
        return List.copyOf(all);
    }

    /// Lets one go that is in. It belongs to the caller.
    void release(Candidate candidate) {
        all.remove(candidate);
    }

    /// Lets one go that is not, and closes it.
    ///
    /// @param why is said to it before
    void drop(Candidate candidate, String why) {
        all.remove(candidate);
        candidate.close(new Refusal(false, why));
    }

    /// Counts somebody who was turned away.
    void reject(String reason) {
        rejected.incrementAndGet();
        lastRejection = reason;
    }

    /// How many were turned away so far. Any thread may ask.
    int rejected() {
        return rejected.get();
    }

    /// Why the last one was, if one was.
    @Nullable
    String lastRejection() {
        return lastRejection;
    }

    /// Makes room in a crowd, once everybody in it has been looked at: first those go who have not
    /// greeted, the oldest before the others.
    void thinOut() {
        thinOut(all.stream().filter(Candidate::isChild).toList(), MAX_OF_THE_CHILD);
        thinOut(all.stream().filter(candidate -> !candidate.isChild()).toList(), MAX_STRANGERS);
    }

    private void thinOut(List<Candidate> crowd, int limit) {
        int tooMany = Math.max(0, crowd.size() - limit);
        crowd.stream().sorted(Comparator.comparing(Candidate::hasGreeted)) // false first
                .limit(tooMany).forEach(candidate -> {
                    String why = "it was silent in a crowd of connections";
                    drop(candidate, why);
                    reject(why);
                });
    }

    /// Whether somebody who is not the child itself has greeted: a relative of it, most likely,
    /// whose first message is on its way.
    boolean isRelativeThere() {
        return all.stream().anyMatch(one -> one.hasGreeted() && !one.isChild());
    }

    /// The moment at which somebody has been silent too long, or `deadline` if that is earlier.
    Deadline patience(Deadline deadline) {
        return all.stream().map(Candidate::patience).reduce(deadline, Deadline::earlier);
    }

    /// Adds what is waited for.
    ///
    /// @return whether sleeping is safe; [#disarm] follows in either case
    boolean arm(PollSet set) {
        boolean isQuiet = true;
        for (Candidate candidate : all) {
            isQuiet &= candidate.arm(set);
        }
        return isQuiet;
    }

    void disarm() {
        all.forEach(Candidate::disarm);
    }

    /// Closes all of them.
    ///
    /// @param hasAccepted whether another client is why
    void clear(boolean hasAccepted) {
        all.forEach(candidate -> candidate.close(hasAccepted ? ANOTHER : CLOSED));
        all.clear();
    }
}
