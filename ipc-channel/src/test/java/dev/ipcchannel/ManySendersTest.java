package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ipcchannel.testing.Children;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Scanner;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Many senders into one receiver: ended senders no longer count, and senders beyond the limit are
/// refused.
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ManySendersTest {

    private static final int QUESTIONS = 10_000;
    private static final int LIMIT = 4096; // of senders with rings of their own
    private static final int DESCRIPTORS_EACH = 4; // within one process
    private static final int A_LOOK = 64;
    private static final ChannelOptions SMALL = ChannelOptions.defaults().withCapacity(4096);

    record Question(int number, Sender<Integer> reply) {}

    @RegisterExtension
    final Children children = new Children();

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void replyEndWithEachQuestionTakesAFewRingsWhetherItIsKeptOrForgotten(boolean isKept)
            throws Exception {
        List<Sender<Integer>> kept = new ArrayList<>();
        long atFirst = Children.descriptors();
        try (Channel<Question> questions = Channel.create(Question.class, SMALL);
                Channel<Integer> answers = Channel.create(Integer.class, SMALL)) {
            long before = Children.descriptors();
            for (int i = 0; i < QUESTIONS; i++) {
                questions.sender().send(new Question(i, answers.sender().share()));
                Question question = questions.receiver().receive(Children.PATIENCE);
                question.reply().send(question.number());
                assertThat(answers.receiver().receive(Children.PATIENCE)).isEqualTo(i);
                if (isKept) {
                    kept.add(question.reply());
                }
            }
            assertThat(Children.descriptors() - before).as("descriptors of reply ends")
                    .isLessThan(QUESTIONS / 10);
            kept.forEach(Sender::close);
        }
        await("the collector finds the forgotten").atMost(Children.PATIENCE).until(() -> {
            System.gc(); // the last ones are in a region that is not collected soon by itself
            return Children.descriptors() <= atFirst;
        });
    }

    @Test
    void senderThatIsOverIsReadNoMoreWhileAnotherIsBusy() throws Exception {
        try (Channel<Integer> channel = Channel.create(Integer.class)) {
            channel.sender().send(-1);
            for (int i = 0; i < 200; i++) {
                try (Sender<Integer> one = channel.sender().exclusive()) {
                    one.send(i);
                }
                if (i % A_LOOK == 0) {
                    assertThat(channel.receiver().isConnected()).isTrue(); // accepts them
                }
            }
            int busy = 0;
            while (!channel.receiver().toString().contains("senders=1,")) {
                channel.sender().send(-1); // so that there is always something to read
                busy += channel.receiver().receive() < 0 ? 1 : 0;
                assertThat(busy).as("messages of the busy one").isLessThan(100_000);
            }
        }
    }

    @Test
    void senderBeyondTheLimitIsRefusedAndTheOthersGoOn() throws Exception {
        assumeTrue(descriptorLimit() > (LIMIT + A_LOOK) * DESCRIPTORS_EACH,
                "this process may not open enough descriptors: raise ulimit -n");
        List<Sender<Integer>> senders = new ArrayList<>();
        try (Channel<Integer> channel = Channel.create(Integer.class, SMALL)) {
            for (int i = 0; i < LIMIT; i++) {
                Sender<Integer> one = channel.sender().exclusive();
                senders.add(one);
                one.send(i);
                if (i % A_LOOK == 0) {
                    assertThat(channel.receiver().isConnected()).isTrue(); // accepts them
                }
            }
            for (int i = 0; i < LIMIT; i++) {
                assertThat(channel.receiver().receive(Children.PATIENCE)).isBetween(0, LIMIT);
            }
            Sender<Integer> tooMany = channel.sender().exclusive();
            senders.add(tooMany);
            tooMany.send(LIMIT);
            assertThat(channel.receiver().tryReceive()).isNull();

            ResourceExhausted refusal = refusalOf(tooMany);
            assertThat(refusal).hasMessageContaining("limit=4096").hasMessageContaining("share");
            assertThatThrownBy(() -> tooMany.send(0)).as("and again")
                    .isInstanceOf(ResourceExhausted.class);

            senders.getFirst().send(7);
            assertThat(channel.receiver().receive(Children.PATIENCE)).isEqualTo(7);
            senders.removeFirst().close(); // now there is room for another one
            assertThat(channel.receiver().tryReceive()).isNull();
            channel.sender().send(8);
            assertThat(channel.receiver().receive(Children.PATIENCE)).isEqualTo(8);
        } finally {
            senders.forEach(Sender::close);
        }
    }

    private static long descriptorLimit() throws Exception {
        try (Scanner line = new Scanner(Files.readString(Path.of("/proc/self/limits")))) {
            line.findWithinHorizon("Max open files", 0);
            return line.nextLong();
        }
    }

    private static ResourceExhausted refusalOf(Sender<Integer> sender) throws Exception {
        CompletableFuture<ResourceExhausted> refusal = new CompletableFuture<>();
        while (!refusal.isDone()) { // the watcher notices the ring's end a moment later
            try {
                sender.trySend(0);
            } catch (ResourceExhausted failure) {
                refusal.complete(failure);
            }
        }
        return refusal.get();
    }
}
