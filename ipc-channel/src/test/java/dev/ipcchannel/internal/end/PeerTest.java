package dev.ipcchannel.internal.end;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ipcchannel.internal.posix.Signals;
import dev.ipcchannel.internal.posix.Sockets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The owner of a socket: the number of a process is used again, and says nothing by itself.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PeerTest {

    private final List<Peer> known = new ArrayList<>(); // others know them weakly
    private final long own = ProcessHandle.current().pid();

    @Test
    void socketOfAnotherProcessWithTheNumberOfAChildIsNotThatChilds() throws Exception {
        Sockets.Pair pair = Sockets.pair();
        Process child = new ProcessBuilder("sleep", "600").start();
        try {
            long identity = Sockets.peerProcess(pair.first());
            assumeTrue(identity != Sockets.UNKNOWN_PROCESS, "the kernel does not tell");
            // It had our number, and is gone.
            Peer former = new Peer(own, identity + 1, "", child, _ -> List.of(),
                    System.nanoTime());

            known.add(former);
            Peer found = Peer.of(pair.first());

            assertThat(found).isNotSameAs(former);
            assertThat(found.isChild()).isFalse();
            assertThat(found.pid()).isEqualTo(own);
            Peer same = new Peer(own, identity, "", child, _ -> List.of(),
                    System.nanoTime());
            assertThat(Peer.of(pair.second())).isSameAs(same);
        } finally {
            child.destroyForcibly().waitFor();
            pair.first().close();
            pair.second().close();
        }
    }

    /// As before Linux 6.9. A child that is stopped amid an exec stops those that ask /proc for it;
    /// its number suffices, because no other process is given that number while the child lives.
    @Test
    void withoutTheKernelsWordALivingChildIsKnownByItsNumber() throws Exception {
        Sockets.Pair pair = Sockets.pair();
        Process child = new ProcessBuilder("sleep", "600").start();
        try {
            Peer same = new Peer(own, Sockets.UNKNOWN_PROCESS, "", child, _ -> List.of(),
                    System.nanoTime());

            known.add(same);
            assertThat(Peer.of(pair.first())).isSameAs(same);
        } finally {
            child.destroyForcibly().waitFor();
            pair.first().close();
            pair.second().close();
        }
    }

    @Test
    void withoutTheKernelsWordAProcessWithTheNumberOfAnEndedChildIsNotTakenForIt()
            throws Exception {
        Sockets.Pair pair = Sockets.pair();
        try {
            Process child = new ProcessBuilder("true").start();
            child.waitFor();
            Peer former = new Peer(own, Sockets.UNKNOWN_PROCESS, "", child, _ -> List.of(),
                    System.nanoTime());

            known.add(former);
            assertThat(Peer.of(pair.first()).isChild()).isFalse();
        } finally {
            pair.first().close();
            pair.second().close();
        }
    }

    @Test
    void endedChildIsKnownByItsNumberUntilThatIsGivenAnew() throws Exception {
        Process child = new ProcessBuilder("sleep", "600").start();
        boolean whileItLives = Signals.isInUse(child.pid());
        child.destroyForcibly().waitFor();

        assertThat(whileItLives).isTrue();
        assertThat(Signals.isInUse(child.pid())).isFalse();
        assertThat(Signals.isInUse(1)).as("another user's, maybe").isTrue();
    }
}
