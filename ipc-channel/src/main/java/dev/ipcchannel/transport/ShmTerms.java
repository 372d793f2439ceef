package dev.ipcchannel.transport;

import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.Duplex;
import dev.ipcchannel.HandshakeFailed;
import dev.ipcchannel.TypeMismatch;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.WaitStrategy;
import dev.ipcchannel.internal.base.ShownTime;
import dev.ipcchannel.internal.rendezvous.Child;
import dev.ipcchannel.internal.rendezvous.ParentProcess;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The terms for a process that connects over shared memory, with the texts of a refusal: the same
/// types, and channels that are no larger, and spin no longer, than is allowed here. Used by the
/// accepting thread.
final class ShmTerms implements Child.Terms {

    private final ChannelOptions allowed;
    private final TypeToken<?> out;
    private final TypeToken<?> in;
    private final @Nullable AwaitedChild child;
    private @Nullable HandshakeFailed tooMuch; // of the last checked message
    private String excess = ""; // the excess value and the limit

    /// @param out the type of the messages of this side
    /// @param in the type of the messages to this side
    /// @param child that the listener waits for; null for any process
    ShmTerms(ChannelOptions allowed, TypeToken<?> out, TypeToken<?> in,
            @Nullable AwaitedChild child) {
        this.allowed = allowed;
        this.out = out;
        this.in = in;
        this.child = child;
    }

    @Override
    public void check(Object message) {
        String more = message instanceof Duplex<?, ?> made ? excess(made, allowed) : null;
        if (more != null) {
            HandshakeFailed failure =
                    new HandshakeFailed(child == null
                            ? "its channels are made with more than is allowed here: "
                                    + remedy(more)
                            : "the child has made its channels with more than its parent"
                                    + " allows: %s, %s".formatted(child.shown(), remedy(more)));
            excess = more;
            tooMuch = failure;
            throw failure;
        }
    }

    @Override
    public boolean isBroken(RuntimeException failure) {
        return failure == tooMuch;
    }

    @Override
    public @Nullable String words(RuntimeException failure) {
        if (isBroken(failure)) {
            return "it has made its channels with more than its %s allows: %s"
                    .formatted(child == null ? "server" : "parent", remedy(excess));
        }
        return child != null && failure instanceof TypeMismatch mismatch
                ? LinkTypes.of(out, in).forChild(mismatch) : null;
    }

    /// The remedy for channels that exceed a limit.
    ///
    /// @param excess the value and the limit
    private static String remedy(String excess) {
        return ("%s: have it keep to what its %s says, or to the defaults without that, or allow"
                + " more by Transport.shm(ChannelOptions)")
                .formatted(excess, ParentProcess.OPTIONS);
    }

    /// The first excess of the channels of these ends; null if there is none.
    private static @Nullable String excess(Duplex<?, ?> made, ChannelOptions allowed) {
        String more = excess(made.sender().options(), allowed);
        return more != null ? more : excess(made.receiver().options(), allowed);
    }

    private static @Nullable String excess(ChannelOptions made, ChannelOptions allowed) {
        if (made.capacity() > allowed.capacity()) {
            return more(ShmTransport.CAPACITY, "" + made.capacity(), "" + allowed.capacity());
        }
        if (lookingNanos(made) > lookingNanos(allowed)) {
            return longer(made, allowed);
        }
        return made.maxMessage() <= allowed.maxMessage() ? null
                : more(ShmTransport.MAX_MESSAGE, "" + made.maxMessage(),
                        "" + allowed.maxMessage());
    }

    /// The time that a wait spins. Without a switch, which would load one more class at each
    /// parent's start.
    private static long lookingNanos(ChannelOptions options) {
        WaitStrategy strategy = options.waitStrategy();
        return strategy == WaitStrategy.SPIN ? Long.MAX_VALUE
                : strategy == WaitStrategy.BLOCK ? 0 : nanos(options.spin());
    }

    /// The text for ends that spin longer than is allowed.
    private static String longer(ChannelOptions made, ChannelOptions allowed) {
        if (made.waitStrategy() != allowed.waitStrategy()) {
            return more(ShmTransport.WAIT_STRATEGY, looking(made), looking(allowed));
        }
        String time = ShownTime.of(made.spin());
        String limit = ShownTime.of(allowed.spin());
        return time.equals(limit) // equal to three digits
                ? more(ShmTransport.SPIN, nanos(made.spin()) + " ns",
                        nanos(allowed.spin()) + " ns")
                : more(ShmTransport.SPIN, time, limit);
    }

    private static String looking(ChannelOptions options) {
        WaitStrategy strategy = options.waitStrategy();
        return strategy == WaitStrategy.HYBRID
                ? strategy + " for " + ShownTime.of(options.spin()) : strategy.toString();
    }

    private static String more(String name, String made, String limit) {
        return "%s=%s, limit=%s".formatted(name, made, limit);
    }

    /// The time in nanoseconds; `Long.MAX_VALUE` if it is too long.
    static long nanos(Duration time) {
        return TimeUnit.NANOSECONDS.convert(time);
    }
}
