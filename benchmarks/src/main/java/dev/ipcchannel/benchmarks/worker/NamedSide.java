package dev.ipcchannel.benchmarks.worker;

import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.named.BroadcastOptions;
import dev.ipcchannel.named.NamedOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// One process's side of two names, one for each direction, in a directory of this pair alone.
///
/// @param directory where names are, made by the leader
/// @param isLeader whether this process sends first
/// @param options of both ends
record NamedSide(Path directory, boolean isLeader, NamedOptions options) {

    private static final String DIRECTORY = "ipc.directory";

    /// @param address the directory for the follower, empty for the leader
    static NamedSide of(ChannelOptions options, String address) throws IOException {
        boolean isLeader = address.isEmpty();
        Path directory = isLeader ? Files.createTempDirectory("ipc-channel-bench")
                : Path.of(address);
        System.setProperty(DIRECTORY, directory.toString());
        return new NamedSide(directory, isLeader, NamedOptions.defaults().withChannel(options));
    }

    /// The name by which this process sends.
    String out() {
        return isLeader ? "there" : "back";
    }

    /// The name by which it receives.
    String in() {
        return isLeader ? "back" : "there";
    }

    /// The options of both ends of a broadcast channel.
    BroadcastOptions broadcast() {
        return BroadcastOptions.defaults().withChannel(options.channel());
    }

    /// Removes the directory, by the leader.
    void close() throws IOException {
        if (isLeader) {
            List<Path> left;
            try (Stream<Path> all = Files.walk(directory)) {
                left = all.sorted(Comparator.reverseOrder()).toList();
            }
            for (Path file : left) {
                Files.deleteIfExists(file);
            }
        }
    }
}
