package dev.ipcchannel.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Tests of the programs that share a zipc queue, and of what they print.
@Timeout(value = 180, threadMode = ThreadMode.SEPARATE_THREAD)
class QueuesIT {

    private static final int INTERRUPTED = 130;
    private static final int TERMINATED = 143;
    private static final String WAITING = "received message of len: 6";
    private static final String POLLING = "Received: hello";

    @RegisterExtension
    final Programs programs = new Programs();

    @BeforeEach
    @AfterEach
    void removeTheQueue() throws Exception {
        assertThat(run("unlink")).isEmpty();
    }

    private RunningProgram start(String program) throws Exception {
        return programs.start(Programs.example("zipc", program));
    }

    private List<String> run(String program) throws Exception {
        Programs.Result result = programs.run(Programs.example("zipc", program)).expectExit(0);
        assertThat(result.err()).isEmpty();
        return result.lines();
    }

    /// Its sender starts first, since the receiver waits for only 800 milliseconds.
    @Test
    void receiverShowsEachLengthUntilItsSenderIsGone() throws Exception {
        RunningProgram sender = start("sender");
        RunningProgram receiver = start("receiver").awaitLine(WAITING);
        sender.signal("TERM").awaitEnd().expectExit(TERMINATED);
        Programs.Result received = receiver.awaitEnd().expectExit(0);
        assertThat(received.lines()).isNotEmpty().containsOnly(WAITING);
        assertThat(received.err()).isEmpty();
    }

    @Test
    void receiverWithoutASenderEndsWithoutAWord() throws Exception {
        assertThat(run("receiver")).isEmpty();
    }

    @Test
    void pollingReceiverMayBeFirstAndShowsTheTextUntilItIsStopped() throws Exception {
        RunningProgram receiver = start("poll-receiver");
        RunningProgram sender = start("poll-sender");
        receiver.awaitLine(POLLING).signal("INT");
        assertThat(receiver.awaitEnd().expectExit(INTERRUPTED).lines()).isNotEmpty()
                .containsOnly(POLLING);
        sender.signal("INT").awaitEnd().expectExit(INTERRUPTED);
    }

    @Test
    void oneProcessTalksToItself() throws Exception {
        assertThat(run("one-process")).containsExactly("Received: Hello, IPC!");
    }

    @Test
    void queueOfOtherSizesIsRefusedUntilItIsUnlinked() throws Exception {
        assertThat(run("receiver")).isEmpty(); // makes a small one
        assertThat(programs.run(Programs.example("zipc", "poll-receiver")).expectSentence(1))
                .isEqualTo(
                        "zipc: the file of zipc queue /my-zipc-path is not used, for it is shorter"
                                + " than it has to be: bytes=12484, needed=66180:"
                                + " path=/dev/shm/my-zipc-path, queue=64 slots of 1024 bytes,"
                                + " dialect=CURRENT: give the sizes and the dialect of the other"
                                + " side, or unlink it, or take another name");
        assertThat(run("unlink")).isEmpty();
        RunningProgram sender = start("poll-sender");
        start("poll-receiver").awaitLine(POLLING).signal("INT").awaitEnd()
                .expectExit(INTERRUPTED);
        sender.signal("INT").awaitEnd().expectExit(INTERRUPTED);
    }

    @Test
    void wrongWordsAreRefused() throws Exception {
        String known = "the programs are sender, receiver, poll-sender, poll-receiver, one-process,"
                + " unlink";
        assertThat(programs.run(Programs.example("zipc", "talk")).expectSentence(2))
                .isEqualTo("zipc: there is no program talk: " + known);
        assertThat(programs.run(Programs.example("zipc")).expectSentence(2))
                .isEqualTo("zipc: one program is to be named: arguments=0: " + known);
    }
}
