package dev.ipcchannel.internal.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.internal.end.Counters;
import dev.ipcchannel.internal.end.EndContext;
import dev.ipcchannel.internal.end.EndHolders;
import dev.ipcchannel.internal.end.Membership;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Epoll;
import dev.ipcchannel.internal.posix.PollSet;
import dev.ipcchannel.internal.posix.PosixException;
import dev.ipcchannel.internal.posix.SharedMemory;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.internal.ring.RingLayout;
import dev.ipcchannel.internal.wire.LanePacket;
import dev.ipcchannel.internal.wire.LaneSettings;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Wire;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The sockets whose events a set gets, also where the kernel has no room to note one more.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EpollRegistrationTest {

    private static final int CAPACITY = 4096;
    private static final long TOKEN = 1;
    private static final long OTHER_TOKEN = 2;

    @RegisterExtension
    final Children children = new Children();

    private final Sockets.Pair pair = Sockets.pair();
    private final LaneSettings settings = new LaneSettings(CAPACITY, 0, 1 << 30, "");
    private final Inbox inbox = new Inbox(pair.second(), settings, null);
    private final EpollSet set = new EpollSet();

    /// A set of one member, which is only an epoll.
    private static final class EpollSet extends Membership {

        private final Epoll epoll = new Epoll();

        @Override
        public void watch(Descriptor socket) {
            epoll.add(socket, Epoll.Interest.STATE, TOKEN);
        }

        @Override
        public void unwatch(Descriptor socket) {
            epoll.remove(socket);
        }
    }

    @AfterEach
    void close() {
        inbox.close("closed");
        pair.first().close();
        set.epoll.close();
    }

    /// Makes the kernel refuse to note what else the set is to watch, as it does for want of
    /// memory.
    private void refuse(Descriptor socket) {
        set.epoll.add(socket, Epoll.Interest.STATE, OTHER_TOKEN);
    }

    @Test
    void socketThatTheKernelHasRefusedIsForgottenWithoutFailure() {
        EpollRegistration registration = new EpollRegistration(pair.first());
        registration.start(set);
        registration.pause();
        refuse(pair.first());
        assertThatThrownBy(registration::resume).isInstanceOf(PosixException.class);
        set.unwatch(pair.first());

        registration.end();

        refuse(pair.first()); // it may: nothing is noted of it
    }

    @Test
    void socketThatTheKernelHasRefusedIsWatchedAfterTheNextTry() {
        EpollRegistration registration = new EpollRegistration(pair.first());
        registration.start(set);
        registration.pause();
        refuse(pair.first());
        assertThatThrownBy(registration::resume).isInstanceOf(PosixException.class);
        set.unwatch(pair.first());

        registration.resume();

        assertThatThrownBy(() -> refuse(pair.first())).isInstanceOf(PosixException.class);
        registration.end();
    }

    @Test
    void afterASleepOneBellIsTakenAndWhatComesAfterItStaysForALook() {
        SharedMemory memory = SharedMemory.create(RingLayout.regionLength(CAPACITY));
        Sockets.Pair own = Sockets.pair();
        InboundLane lane = InboundLane.open(context(new Counters(Counters.Side.RECEIVER)), inbox,
                CAPACITY, 0, memory.file().duplicate(), own.second(), null);
        boolean isFirstRung = LanePacket.ring(own.first());
        boolean isSecondRung = LanePacket.ring(own.first());
        assertThat(isFirstRung && isSecondRung).isTrue();

        assertThat(lane.drainSocket(true)).isFalse();
        assertThat(isReadable(lane)).isTrue();
        assertThat(lane.drainSocket(false)).isFalse();
        assertThat(isReadable(lane)).isFalse();

        lane.lose();
        own.first().close();
        memory.close();
    }

    private EndContext context(Counters counters) {
        return new EndContext(pair.second(), settings, null, new EndHolders(), counters, null);
    }

    private static boolean isReadable(InboundLane lane) {
        PollSet set = new PollSet();
        lane.addTo(set);
        return set.look();
    }

    @Test
    void laneThatIsHeldUpGoesWholeWhereTheKernelWouldRefuseIt() {
        SharedMemory memory = SharedMemory.create(RingLayout.regionLength(CAPACITY));
        Sockets.Pair own = Sockets.pair();
        Counters counters = new Counters(Counters.Side.RECEIVER);
        InboundLane lane = InboundLane.open(context(counters), inbox, CAPACITY, 0,
                memory.file().duplicate(), own.second(), null);
        lane.join(set);
        Wire.parts(own.first(), 0, 1, 0, 1, List.of(own.first()));
        assertThat(lane.drainSocket(false)).isFalse();
        lane.addIfBlocked(new BlockedLanes());
        refuse(lane.socket());

        lane.lose();

        assertThat(PollSet.isHungUp(own.first())).isTrue();
        own.first().close();
        memory.close();
    }
}
