package dev.ipcchannel.transport;

import dev.ipcchannel.ChildFailed;
import dev.ipcchannel.ChildReport;
import dev.ipcchannel.EndAccess;
import dev.ipcchannel.Link;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.internal.base.Argument;
import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.posix.PosixException;
import dev.ipcchannel.internal.rendezvous.Child;
import dev.ipcchannel.internal.rendezvous.Outcome;
import dev.ipcchannel.internal.rendezvous.Rendezvous;
import dev.ipcchannel.internal.stream.FrameCandidate;
import dev.ipcchannel.internal.stream.FrameDoorway;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A listener by a Unix stream socket.
///
/// @param <O> the type of the messages of this side
/// @param <I> the type of the messages to this side
record UnixListener<O, I>(UnixLink.Settings<O, I> settings, LinkTypes types,
        Rendezvous<FrameCandidate> rendezvous) implements Transport.Listener<O, I> {

    static <O, I> UnixListener<O, I> open(UnixLink.Settings<O, I> settings, LinkTypes types) {
        try {
            return of(settings, types,
                    Rendezvous.open(new FrameDoorway(settings.maxMessage())));
        } catch (PosixException failure) {
            throw SocketFailures.of("no process can be listened for", failure);
        } catch (RuntimeException failure) {
            throw EndAccess.translate(failure);
        }
    }

    private static <O, I> UnixListener<O, I> of(UnixLink.Settings<O, I> settings, LinkTypes types,
            Rendezvous<FrameCandidate> rendezvous) {
        try {
            return new UnixListener<>(settings, types, rendezvous);
        } catch (OutOfMemoryError failure) {
            rendezvous.close();
            throw failure;
        }
    }

    @Override
    public String address() {
        return rendezvous.name();
    }

    @Override
    public Link<O, I> accept(Duration timeout) throws InterruptedException {
        return accept(null, new UnixVetting<>(settings, types, null), Deadline.after(timeout));
    }

    @Override
    public Link<O, I> accept(AwaitedChild child, Duration timeout) throws InterruptedException {
        Argument.given(child, "child");
        Deadline deadline = Deadline.after(timeout);
        UnixVetting<O, I> vetting = new UnixVetting<>(settings, types, child);
        return child.await(vetting, awaited -> accept(awaited, vetting, deadline));
    }

    private Link<O, I> accept(@Nullable Child child, UnixVetting<O, I> vetting, Deadline deadline)
            throws InterruptedException {
        Outcome<Link<O, I>> outcome;
        try {
            outcome = rendezvous.accept(child, vetting, deadline);
        } catch (PosixException failure) {
            throw SocketFailures.of("a connection cannot be taken up", failure);
        } catch (RuntimeException failure) {
            throw EndAccess.translate(failure);
        }
        return switch (outcome) {
            case Outcome.Accepted<Link<O, I>>(Link<O, I> link, long _) -> link;
            case Outcome.ChildEnded<Link<O, I>> ended -> throw childFailed(vetting.child(), ended);
            case Outcome.TimedOut<Link<O, I>>(boolean isClientThere, String turnedAway) ->
                    throw new TimedOut(late(child, isClientThere, deadline) + turnedAway);
        };
    }

    private String late(@Nullable Child child, boolean isClientThere, Deadline deadline) {
        String how = isClientThere ? "has connected, but has not said all that it has to"
                : "did not connect";
        return child == null
                ? deadline.passed(isClientThere ? "a process " + how : "no process connected")
                        + ", address=" + address()
                : deadline.passed("the child " + how) + ", pid=" + child.process().pid();
    }

    private static ChildFailed childFailed(@Nullable AwaitedChild child,
            Outcome.ChildEnded<?> ended) {
        ChildReport report = Objects.requireNonNull(child).report();
        return new ChildFailed("the child ended before it %s: %s%s".formatted(ended.undone(),
                report, ended.turnedAway()), report, null);
    }

    @Override
    public void close() {
        rendezvous.close();
    }

    @Override
    public String toString() {
        return "UnixListener[%s%s]".formatted(address(), rendezvous.isClosed() ? ", closed" : "");
    }
}
