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

/// The clients that have connected and are neither accepted nor turned away, in order.
///
/// The number of strangers is bounded, and that of the child's own connections too. Used under the
/// server's lock, except [#rejected].
///
/// @param <G> what a candidate has brought once it is ready
final class Candidates<G> {

    private static final String NEXT = ": start another one for this, and use its name";

    private static final int MAX_STRANGERS = 64;
    private static final int MAX_OF_THE_CHILD = 8; // an honest one connects at most twice
    private static final int MAX_KEPT = 8; // refused but kept: a descriptor each

    private final Doorway<G> doorway;
    private final List<Candidate<G>> all = new ArrayList<>();
    private final AtomicInteger rejected = new AtomicInteger();
    private @Nullable String lastRejection;
    private @Nullable Child child; // that the accept waits for, if there is one
    private int kept; // connections of refused candidates
    private boolean isTimedOut; // whether the last wait was

    /// @param doorway by which they come
    Candidates(Doorway<G> doorway) {
        this.doorway = doorway;
    }

    /// @param awaited the process that the accept waits for from now on, if there is one
    void await(@Nullable Child awaited) {
        child = awaited;
        isTimedOut = false;
    }

    /// Notes that the wait has ended with its deadline.
    void timedOut() {
        isTimedOut = true;
    }

    /// Adds a connection, which it takes over.
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

    /// All present candidates; some may go while the list is read.
    List<Candidate<G>> all() {
        return List.copyOf(all);
    }

    /// Removes an accepted candidate, which then belongs to the caller.
    void release(Candidate<G> candidate) {
        all.remove(candidate);
    }

    /// Removes a candidate that is not accepted, and closes it.
    ///
    /// @param why the reason, which is sent to it first
    void drop(Candidate<G> candidate, Refusal why) {
        all.remove(candidate);
        candidate.refuse(why);
        candidate.close();
    }

    /// Sends a candidate that has greeted the reason of its refusal, before anything of it is
    /// closed. A candidate of a start has to end with this process, so its connection stays open
    /// until the child has ended.
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

    /// Refuses a candidate because of a failure, unless it was refused before.
    ///
    /// @param words the refusal for a failure in its message
    void refuse(Candidate<G> candidate, Throwable why, Function<RuntimeException, Refusal> words) {
        if (candidate.isRefused()) {
            return;
        }
        refuse(candidate, why instanceof RuntimeException failure ? words.apply(failure)
                : failure(why));
    }

    /// Removes a candidate because of a failure, and closes it.
    void fail(Candidate<G> candidate, Throwable why) {
        refuse(candidate, failure(why));
        all.remove(candidate);
        candidate.close();
    }

    /// Counts a process that was turned away.
    void reject(String reason) {
        rejected.incrementAndGet();
        lastRejection = Printable.of(reason);
        Child awaited = child;
        if (awaited != null && awaited.start() != null) {
            awaited.start().rejected(reason);
        }
    }

    /// The number of processes turned away so far. Any thread may ask.
    int rejected() {
        return rejected.get();
    }

    /// A note about those that were turned away, as the end of a sentence; empty if there were
    /// none.
    String turnedAway() {
        return lastRejection == null ? ""
                : ", turned away=%d (the last: %s)".formatted(rejected(), lastRejection);
    }

    /// Makes room in a crowd, once each candidate in it was looked at: those that have not greeted
    /// are dropped first, and of these the oldest.
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

    /// Whether a process other than the child has greeted: most likely a relative of the child,
    /// whose first message is on its way.
    boolean isRelativeThere() {
        return all.stream().anyMatch(one -> one.hasGreeted() && !one.isChild());
    }

    /// The earliest moment at which a candidate's patience ends, or `deadline` if that is earlier.
    Deadline patience(Deadline deadline) {
        return all.stream().map(Candidate::patience).reduce(deadline, Deadline::earlier);
    }

    /// Adds the descriptors to wait for.
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
    /// @param hasAccepted whether the reason is an accepted client
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

    /// The refusal for the candidates that are left when the server ends.
    ///
    /// @param hasAccepted whether the reason is an accepted client
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
                ? "the start that waited for it is over: have it connect sooner, or raise"
                        + " startTimeout"
                : "the start that waited for it has failed: the parent's exception says why";
    }

    /// The refusal for a client after a failure of this process. It has no detail other than a rule
    /// that the client has broken.
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
