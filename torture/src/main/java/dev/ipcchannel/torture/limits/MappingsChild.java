package dev.ipcchannel.torture.limits;

import dev.ipcchannel.Channel;
import dev.ipcchannel.ResourceExhausted;
import dev.ipcchannel.SharedBytes;
import dev.ipcchannel.torture.Findings;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.stream.Stream;

/// A child that takes all the mappings that the kernel allows a process, the last of them by blocks
/// of shared bytes and by rings.
///
/// One thread does that, and gives them back at once: a JVM that starts a thread or compiles
/// meanwhile has no mapping for itself, and ends.
public final class MappingsChild {

    static final String NAME = "mappings";

    /// Flags by which the JVM needs almost no mapping for itself meanwhile.
    static final String[] FLAGS = {"-Xms64m", "-Xmx64m", "-XX:+AlwaysPreTouch",
        "-XX:InitialCodeCacheSize=32m", "-XX:ReservedCodeCacheSize=32m"};

    private static final long PAGE = 4096;
    private static final int LEFT = 200; // for the library to take
    private static final int ROUNDS = 3;

    private MappingsChild() {}

    /// Runs the child; the argument is the file for its findings.
    public static void main(String[] arguments) throws IOException {
        Limit.main(arguments[0], MappingsChild::exhaust);
    }

    private static void exhaust(Findings findings) throws IOException, InterruptedException {
        Walk walk = Walk.prepare(findings);
        // Read in one piece: read byte by byte, such a file ends after the first byte.
        long allowed = Long.parseLong(
                Files.readAllLines(Path.of("/proc/sys/vm/max_map_count")).getFirst());
        Path file = Files.createTempFile("page-", "");
        Files.write(file, new byte[(int) PAGE]);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
                Arena arena = Arena.ofShared()) {
            // Maps the same page again and again: the kernel does not merge such neighbours.
            long times = allowed - LEFT - count();
            for (long i = 0; i < times; i++) {
                channel.map(FileChannel.MapMode.READ_ONLY, 0, PAGE, arena);
            }
            findings.count(NAME + ": taken before the library took the last", times);
            for (int i = 0; i < ROUNDS; i++) {
                takeByBlocks(findings);
                walk.checkNothingLeft("after blocks that took the last mappings");
                takeByRings(findings);
                walk.checkNothingLeft("after rings that took the last mappings");
                walk.clean("after the last mappings were taken");
            }
        } finally {
            Files.delete(file);
        }
    }

    private static void takeByBlocks(Findings findings) {
        Deque<SharedBytes> blocks = new ArrayDeque<>();
        try {
            while (blocks.size() < 2 * LEFT) {
                blocks.push(SharedBytes.of(new byte[1]));
            }
            findings.fault("%d blocks fit into %d mappings".formatted(blocks.size(), LEFT));
        } catch (ResourceExhausted _) {
            findings.count(NAME + ": ResourceExhausted for a block");
        } finally {
            blocks.forEach(SharedBytes::close);
        }
    }

    private static void takeByRings(Findings findings) throws InterruptedException {
        Deque<Channel<String>> channels = new ArrayDeque<>();
        try {
            while (channels.size() < 2 * LEFT) {
                Channel<String> channel = Channel.create(String.class);
                channels.push(channel);
                channel.sender().send("takes a mapping", Steps.PATIENCE);
                channel.receiver().receive(Steps.PATIENCE); // takes another one
            }
            findings.fault("%d channels fit into %d mappings".formatted(channels.size(), LEFT));
        } catch (ResourceExhausted _) {
            findings.count(NAME + ": ResourceExhausted for a ring");
        } finally {
            channels.forEach(Channel::close);
        }
    }

    private static long count() throws IOException {
        try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
            return maps.count();
        }
    }
}
