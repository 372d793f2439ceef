package dev.ipcchannel.benchmarks.worker;

import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.WaitStrategy;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/// The main class of a contender's two processes: the leader, which sends first, and the follower.
///
/// ```text
/// leader                                 follower
///   > at ADDRESS
///                                          > ready            (started with ADDRESS)
///   > ready
///   < roundtrip MILLIS                     < roundtrip MILLIS
///   > slice messages=… nanos=… …           > slice …
///   < footprint                            < footprint
///   > footprint descriptors=… …            > footprint …
/// ```
///
/// Besides `roundtrip` there is `stream`, and `large`, which is a stream too. Until the next line
/// comes the process sleeps in a read; the end of its input ends it.
public final class Worker {

    private Worker() {}

    /// Connects, then obeys.
    ///
    /// @param arguments the contender (a word that [#link] knows), its wait strategy, the capacity
    ///        of its rings, `LEAD` or `FOLLOW`, and the address (Aeron's directory, else empty for
    ///        the leader)
    public static void main(String[] arguments) throws Exception {
        boolean isLeader = arguments[3].equals("LEAD");
        ChannelOptions options = ChannelOptions.defaults()
                .withWaitStrategy(WaitStrategy.valueOf(arguments[1]))
                .withCapacity(Integer.parseInt(arguments[2]));
        try (Link link = link(arguments[0], options, isLeader, arguments[4])) {
            if (isLeader) {
                System.out.println("at " + link.address());
            }
            link.open();
            System.out.println("ready");
            obey(new Loops(link), isLeader);
        }
    }

    private static Link link(String contender, ChannelOptions options, boolean isLeader,
            String address) throws IOException {
        return switch (contender) {
            case "in-place" -> new InPlaceLink(options, address);
            case "bytes" -> new BytesLink(options, address);
            case "strings" -> new StringLink(options, address);
            case "readings" -> new ReadingLink(options, address, false);
            case "readings-exclusive" -> new ReadingLink(options, address, true);
            case "large" -> new LargeLink(options, address, true);
            case "large-bytes" -> new LargeLink(options, address, false);
            case "calls" -> new CallLink(options, address);
            case "asking" -> new AskingLink(options, address);
            case "connections" -> new ConnectionLink(address);
            case "aeron" -> new AeronLink(address, isLeader);
            case "unix-socket" -> new UnixSocketLink(address);
            default -> throw new IllegalArgumentException("no such contender: " + contender);
        };
    }

    private static void obey(Loops loops, boolean isLeader) throws Exception {
        BufferedReader commands =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            System.out.println(line.equals("footprint")
                    ? Footprint.take().line()
                    : run(loops, isLeader, line.split(" ", -1)).line());
        }
    }

    private static Slice run(Loops loops, boolean isLeader, String[] words) throws Exception {
        boolean isStream = !words[0].equals("roundtrip");
        long nanos = TimeUnit.MILLISECONDS.toNanos(Long.parseLong(words[1]));
        if (isLeader) {
            return isStream ? loops.leadStream(nanos) : loops.leadRoundTrips(nanos);
        }
        return isStream ? loops.followStream() : loops.followRoundTrips();
    }
}
