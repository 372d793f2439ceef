package dev.ipcchannel.torture.limits;

import dev.ipcchannel.Channel;
import dev.ipcchannel.ResourceExhausted;
import dev.ipcchannel.SharedBytes;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.torture.Findings;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/// A child that takes shared memory in a small memory cgroup until none is left: it must get an
/// error and not be killed.
public final class MemoryChild {

    static final String NAME = "cgroup";

    private static final int BLOCK = 4 << 20;
    private static final int MOST = 1000;

    private MemoryChild() {}

    /// Runs the child; the argument is the file for its findings.
    public static void main(String[] arguments) throws IOException {
        Limit.main(arguments[0], MemoryChild::exhaust);
    }

    private static void exhaust(Findings findings)
            throws IOException, InterruptedException {
        Walk walk = Walk.prepare(findings);
        hoardBlocks(findings);
        walk.checkNothingLeft("after blocks up to the cgroup's limit");
        hoardMessages(findings);
        walk.checkNothingLeft("after messages up to the cgroup's limit");
        walk.clean("after the cgroup's limit");
    }

    private static void hoardBlocks(Findings findings) {
        Deque<SharedBytes> blocks = new ArrayDeque<>();
        try {
            while (blocks.size() < MOST) {
                blocks.push(SharedBytes.of(new byte[BLOCK]));
            }
            findings.fault("%d blocks of %d bytes fit into the cgroup".formatted(MOST, BLOCK));
        } catch (ResourceExhausted _) {
            findings.count(NAME + ": ResourceExhausted for a block");
            findings.count(NAME + ": blocks of 4 MiB until then", blocks.size());
        }
        blocks.forEach(SharedBytes::close);
    }

    private static void hoardMessages(Findings findings) throws InterruptedException {
        Deque<Channel<byte[]>> channels = new ArrayDeque<>();
        try {
            while (channels.size() < MOST) {
                channels.push(Channel.create(byte[].class));
                fill(channels.peek());
            }
            findings.fault("%d quotas of long messages fit into the cgroup".formatted(MOST));
        } catch (ResourceExhausted _) {
            findings.count(NAME + ": ResourceExhausted for a long message");
        }
        channels.forEach(Channel::close);
    }

    private static void fill(Channel<byte[]> channel) throws InterruptedException {
        try {
            while (true) {
                channel.sender().send(new byte[BLOCK], Duration.ofMillis(1));
            }
        } catch (TimedOut _) {
            // The quota of this channel is used up: take the next channel.
        }
    }
}
