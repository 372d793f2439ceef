package dev.ipcchannel.internal.rendezvous;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.base.Lifeline;
import dev.ipcchannel.internal.base.Printable;
import dev.ipcchannel.internal.base.Refusal;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.PollSet;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.internal.posix.Users;
import dev.ipcchannel.internal.process.ProcessEnd;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The clients that have connected and are neither in nor turned away, in the order of their
/// coming.
///
/// There are only so many of strangers, and so many of the child itself, whatever it does. Used
/// under the server's lock, but for [#rejected].
///
/// @param <G> what one of them has brought once it is ready
final class Candidates<G> {

    private static final String NEXT = ": start another one for this, and use its name";

    private static final int MAX_STRANGERS = 64;
    private static final int MAX_OF_THE_CHILD = 8; // one that means well connects twice at most
    private static final int MAX_KEPT = 8; // refused, and kept: a descriptor each

    private final Doorway<G> doorway;
    private final List<Candidate<G>> all = new ArrayList<>();
    private final AtomicInteger rejected = new AtomicInteger();
    private @Nullable String lastRejection;
    private @Nullable Child child; // that is waited for, if one is
    private int kept; // connections of those that were refused
    private boolean isTimedOut; // the wait that was the last

    /// @param doorway by which they come
    Candidates(Doorway<G> doorway) {
        this.doorway = doorway;
    }

    /// @param awaited the process that is waited for from now on, if one is
    void await(@Nullable Child awaited) {
        child = awaited;
        isTimedOut = false;
    }

    /// The wait has ended with its deadline.
    void timedOut() {
        isTimedOut = true;
    }

    /// Takes a connection over.
    void add(Descriptor connection) {
        Child awaited = child;
        try {
            Sockets.Credentials peer = Sockets.peer(connection);
            if (peer.uid() != Users.effective()) {
                Sockets.hangUp(connection);
                reject("it is another user's: uid=%d, ours=%d"
                        .formatted(peer.uid(), Users.effective()));
                return;
            }
            boolean isChild = awaited != null && peer.pid() == awaited.process().pid();
            all.add(doorway.candidate(connection, peer.pid(), isChild ? awaited : null));
        } catch (RuntimeException | Error failure) {
            Sockets.hangUp(connection);
            throw failure;
        }
    }

    /// All that are there now; some may go while the list is read.
    List<Candidate<G>> all() {
        return List.copyOf(all);
    }

    /// Lets one go that is in. It belongs to the caller.
    void release(Candidate<G> candidate) {
        all.remove(candidate);
    }

    /// Lets one go that is not, and closes it.
    ///
    /// @param why is said to it before
    void drop(Candidate<G> candidate, Refusal why) {
        all.remove(candidate);
        candidate.refuse(why);
        candidate.close();
    }

    /// Says to one that has spoken why it is refused, before anything of it is closed. That of a
    /// start is to end with this process, so its connection stays until the child has ended.
    private void refuse(Candidate<G> candidate, Refusal why) {
        Child awaited = child;
        if (awaited == null || awaited.terms() == null || kept >= MAX_KEPT) {
            candidate.refuse(why);
            return;
        }
        Lifeline lifeline = candidate.refuseAndKeep(why);
        if (lifeline != null) {
            kept++;
            CompletableFuture<Void> _ =
                    ProcessEnd.of(awaited.process()).thenRun(lifeline::drop);
        }
    }

    /// The same because of a failure, unless it has been refused for another one.
    ///
    /// @param words for one in its message
    void refuse(Candidate<G> candidate, Throwable why, Function<RuntimeException, Refusal> words) {
        if (candidate.isRefused()) {
            return;
        }
        refuse(candidate, why instanceof RuntimeException failure ? words.apply(failure)
                : failure(why));
    }

    /// Lets one go for a failure, and closes it.
    void fail(Candidate<G> candidate, Throwable why) {
        refuse(candidate, failure(why));
        all.remove(candidate);
        candidate.close();
    }

    /// Counts somebody who was turned away.
    void reject(String reason) {
        rejected.incrementAndGet();
        lastRejection = Printable.of(reason);
        Child awaited = child;
        if (awaited != null && awaited.start() != null) {
            awaited.start().rejected(reason);
        }
    }

    /// How many were turned away so far. Any thread may ask.
    int rejected() {
        return rejected.get();
    }

    /// A note of those that were turned away, to be put after a sentence; empty if none was.
    String turnedAway() {
        return lastRejection == null ? ""
                : ", turned away=%d (the last: %s)".formatted(rejected(), lastRejection);
    }

    /// Makes room in a crowd, once everybody in it has been looked at: first those go who have not
    /// greeted, the oldest before the others.
    void thinOut() {
        thinOut(all.stream().filter(Candidate::isChild).toList(), MAX_OF_THE_CHILD);
        thinOut(all.stream().filter(candidate -> !candidate.isChild()).toList(), MAX_STRANGERS);
    }

    private void thinOut(List<Candidate<G>> crowd, int limit) {
        int tooMany = Math.max(0, crowd.size() - limit);
        crowd.stream().sorted(Comparator.comparing(Candidate::hasGreeted)) // false first
                .limit(tooMany).forEach(candidate -> {
                    String why = "it was silent in a crowd of connections";
                    drop(candidate, new Refusal(false, why));
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
        for (Candidate<G> candidate : all) {
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
        try {
            Refusal why = atTheEnd(hasAccepted);
            all.stream().filter(candidate -> !candidate.isRefused())
                    .forEach(candidate -> doorway.sayLast(candidate.connection(), why));
        } finally {
            while (!all.isEmpty()) {
                all.removeLast().close();
            }
        }
    }

    /// What is said to those who are there when the server ends.
    ///
    /// @param hasAccepted whether another client is why
    Refusal atTheEnd(boolean hasAccepted) {
        return new Refusal(false, hasAccepted ? another() : closed());
    }

    private boolean isStart() {
        return child != null && child.terms() != null;
    }

    private String another() {
        return isStart()
                ? "another process has connected for this start before it: one does for each start:"
                        + " have only one call ChildJvm.parent or Worker.connect"
                : "the server has accepted another client, and accepts one" + NEXT;
    }

    private String closed() {
        if (!isStart()) {
            return "the server was closed" + NEXT;
        }
        return isTimedOut
                ? "the start that waited for it is over: have it connect sooner, or raise startTimeout"
                : "the start that waited for it has failed: the parent's exception says why";
    }

    /// What is said to a client where this process has failed: no more of it than a rule that the
    /// client has broken.
    Refusal failure(Throwable failure) {
        if (failure instanceof RendezvousException broken) {
            return new Refusal(false, String.valueOf(broken.getMessage()));
        }
        String server = isStart() ? "the parent" : "the server";
        return new Refusal(false, server + (failure instanceof Error
                ? "'s JVM has failed with an error"
                : "'s process has run out of something, or failed: its own exception says more"));
    }
}
