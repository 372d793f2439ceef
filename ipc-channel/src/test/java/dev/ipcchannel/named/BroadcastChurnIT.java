package dev.ipcchannel.named;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.testing.ChildJvm;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.children.ChurningChild;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Members of a broadcast channel in several processes that join and leave at random, with every
/// message of each member accounted for.
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BroadcastChurnIT {

    private static final int PROCESSES = 4;
    private static final int MEMBERS = 16; // of a process
    private static final long SECONDS = Long.getLong("ipcchannel.churn.seconds", 20);
    private static final long MILLION = 1_000_000; // more than a process has members

    @RegisterExtension
    final Children children = new Children();

    private final Map<Long, Sent> senders = new HashMap<>();
    private final List<Got> receivers = new ArrayList<>();
    private Path directory = Path.of("");

    /// The messages that one member has sent.
    private static final class Sent {

        private final boolean hasMetAll; // all members that it found at its open have answered
        private final long[] times; // when each send began and ended

        private Sent(boolean hasMetAll, long[] times) {
            this.hasMetAll = hasMetAll;
            this.times = times;
        }

        int count() {
            return times.length / 2;
        }

        long begin(int message) {
            return times[2 * message];
        }

        long end(int message) {
            return times[2 * message + 1];
        }
    }

    /// The messages that one member has received.
    ///
    /// @param pieces of each sender's messages: first and last of a sequence without a gap
    private record Got(long number, long opening, long opened, long quiet, long lost,
            Map<Long, List<int[]>> pieces) {

        boolean hasMetAll() {
            return isInTime(opening, opened);
        }
    }

    /// An open stops waiting for members that do not answer, and connects with them later.
    private static boolean isInTime(long opening, long opened) {
        return opened - opening < TimeUnit.SECONDS.toNanos(2);
    }

    @BeforeEach
    void namesAreOfThisTestAlone() throws Exception {
        directory = Files.createDirectory(children.directory().resolve("names"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        try (Stream<Path> all = Files.list(directory)) {
            assertThat(all).isEmpty();
        }
    }

    @Test
    void everyMessageOfMembersThatComeAndGoIsAccountedFor() throws Exception {
        long seed = new Random().nextLong();
        System.err.println("members that come and go: seed=" + seed);
        Map<ChildJvm, Path> running = new HashMap<>();
        for (int i = 0; i < PROCESSES; i++) {
            Path file = children.directory().resolve("done-" + i);
            ChildJvm child = children.command()
                    .environment("IPC_CHANNEL_DIR", directory.toString())
                    .start(ChurningChild.class, "churn", String.valueOf(i * MILLION),
                            String.valueOf(MEMBERS), String.valueOf(SECONDS),
                            String.valueOf(seed + i), file.toString());
            running.put(child, file);
        }
        for (Map.Entry<ChildJvm, Path> child : running.entrySet()) {
            boolean _ = child.getKey().process().waitFor(SECONDS, TimeUnit.SECONDS);
            child.getKey().awaitExit(0);
            read(child.getValue());
        }

        long due = 0;
        for (Got receiver : receivers) {
            assertThat(receiver.lost()).isZero();
            due += accounted(receiver, seed);
        }
        long sent = senders.values().stream().mapToLong(Sent::count).sum();
        System.err.printf("%d senders, %d receivers, %d messages, %d of them due to a receiver%n",
                senders.size(), receivers.size(), sent, due);
        assertThat(due).isGreaterThan(sent); // else this proves nothing
    }

    private void read(Path file) throws IOException {
        for (String line : Files.readAllLines(file)) {
            String[] words = line.split(" ", -1);
            if (words[0].equals("S")) {
                senders.put(Long.parseLong(words[1]), new Sent(
                        isInTime(Long.parseLong(words[2]), Long.parseLong(words[3])),
                        Stream.of(words).skip(4).mapToLong(Long::parseLong).toArray()));
            } else {
                receivers.add(got(words));
            }
        }
    }

    private static Got got(String[] words) {
        Map<Long, List<int[]>> pieces = new HashMap<>();
        for (int i = 6; i < words.length; i++) {
            String[] piece = words[i].split("[:-]", -1);
            pieces.computeIfAbsent(Long.parseLong(piece[0]), _ -> new ArrayList<>())
                    .add(new int[]{Integer.parseInt(piece[1]), Integer.parseInt(piece[2])});
        }
        return new Got(Long.parseLong(words[1]), Long.parseLong(words[2]),
                Long.parseLong(words[3]), Long.parseLong(words[4]), Long.parseLong(words[5]),
                pieces);
    }

    /// @return how many messages were due to a receiver, all of which it has got
    private long accounted(Got receiver, long seed) {
        long due = 0;
        for (Map.Entry<Long, Sent> sender : senders.entrySet()) {
            List<int[]> pieces = receiver.pieces().getOrDefault(sender.getKey(), List.of());
            String what = "seed=%d, receiver=%d, sender=%d".formatted(seed, receiver.number(),
                    sender.getKey());
            if (sender.getKey() == receiver.number()) {
                assertThat(pieces).as("%s: its own messages", what).isEmpty();
                continue;
            }
            assertThat(pieces).as("%s: pieces without a hole", what).hasSizeLessThan(2);
            int first = pieces.isEmpty() ? 0 : pieces.getFirst()[0];
            int last = pieces.isEmpty() ? -1 : pieces.getFirst()[1];
            Sent sent = sender.getValue();
            assertThat(last).as("%s: the last one", what).isLessThan(sent.count());
            for (int i = 0; i < sent.count(); i++) {
                boolean isThere = i >= first && i <= last;
                boolean isKnown = (sent.hasMetAll && receiver.hasMetAll())
                        || (!pieces.isEmpty() && i >= first);
                boolean isDue = isKnown && sent.begin(i) - receiver.opened() >= 0
                        && sent.end(i) - receiver.quiet() <= 0;
                boolean isEarlier = sent.end(i) - receiver.opening() < 0;
                if ((isDue && !isThere) || (isEarlier && isThere)) {
                    throw new AssertionError(("%s: message=%d of %d, due=%s, earlier=%s, received"
                            + " %d to %d, opened=%d, quiet=%d, sent from %d to %d").formatted(what,
                                    i, sent.count(), isDue, isEarlier, first, last,
                                    receiver.opened(), receiver.quiet(), sent.begin(i),
                                    sent.end(i)));
                }
                due += isDue ? 1 : 0;
            }
        }
        return due;
    }
}
