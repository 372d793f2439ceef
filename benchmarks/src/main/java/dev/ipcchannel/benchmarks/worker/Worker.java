package dev.ipcchannel.benchmarks.worker;

import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.Codec;
import dev.ipcchannel.Sender;
import dev.ipcchannel.WaitStrategy;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
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
/// Besides `roundtrip` there is `stream`, and `large`, which is a stream too; in `quiet` the leader
/// measures round trips, and the follower counts whatever comes. Until the next line comes the
/// process sleeps in a read; the end of its input ends it.
public final class Worker {

    private static final String ON_VIRTUAL_THREADS = "-virtual";
    private static final int SHORT = 64;
    private static final int LONG = 64 * 1024;

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
            obey(new Loops(link), isLeader, arguments[0].endsWith(ON_VIRTUAL_THREADS));
        }
    }

    private static Link link(String contender, ChannelOptions options, boolean isLeader,
            String address) throws IOException {
        return switch (contender) {
            case "in-place" -> new InPlaceLink(options, address);
            case "bytes", "bytes-virtual" -> new BytesLink(options, address);
            case "strings" -> new MessageLink<>(
                    new ChannelWay<>(String.class, options, address), new StringTraffic());
            case "readings" -> new MessageLink<>(
                    new ChannelWay<>(Reading.class, options, address), new ReadingTraffic());
            case "readings-exclusive" -> new MessageLink<>(
                    new ChannelWay<>(Reading.class, options, address, Sender::exclusive),
                    new ReadingTraffic());
            case "named-readings" -> new MessageLink<>(
                    new NamedWay<>(Reading.class, options, address), new ReadingTraffic());
            case "route-readings" -> new MessageLink<>(
                    new RouteWay<>(Codec.of(Reading.class), options, address),
                    new ReadingTraffic());
            case "blocks-64" -> blocks(options, address, SHORT);
            case "blocks-64k" -> blocks(options, address, LONG);
            case "route-blocks-64" -> routedBlocks(options, address, SHORT);
            case "route-blocks-64k" -> routedBlocks(options, address, LONG);
            case "route-blocks-64k-in-place" -> new RouteBlockLink(options, address, LONG);
            case "zipc-spin" -> new ZipcLink(address, true, SHORT);
            case "zipc-sleep" -> new ZipcLink(address, false, SHORT);
            case "named-openings" -> new NamedOpeningLink(options, address);
            case "large" -> new LargeLink(options, address, true);
            case "large-bytes" -> new LargeLink(options, address, false);
            case "calls" -> new CallLink(options, address);
            case "asking" -> new AskingLink(options, address);
            case "select-1" -> new SelectLink(options, address, 1);
            case "select-10" -> new SelectLink(options, address, 10);
            case "select-1000" -> new SelectLink(options, address, 1000);
            case "quiet" -> new FloodLink(options, address, false, 0);
            case "quiet-flooded" -> new FloodLink(options, address, true, 0);
            case "rare" -> new FloodLink(options, address, false, 500);
            case "rare-flooded" -> new FloodLink(options, address, true, 500);
            case "connections" -> new ConnectionLink(address);
            case "aeron" -> new AeronLink(address, isLeader);
            case "unix-socket" -> new UnixSocketLink(address);
            default -> throw new IllegalArgumentException("no such contender: " + contender);
        };
    }

    private static Link blocks(ChannelOptions options, String address, int length) {
        return new MessageLink<>(new ChannelWay<>(byte[].class, options, address),
                new BlockTraffic(length));
    }

    private static Link routedBlocks(ChannelOptions options, String address, int length)
            throws IOException {
        return new MessageLink<>(new RouteWay<>(Codec.bytes(), options, address),
                new BlockTraffic(length));
    }

    private static void obey(Loops loops, boolean isLeader, boolean isVirtual) throws Exception {
        BufferedReader commands =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            String[] words = line.split(" ", -1);
            System.out.println(line.equals("footprint")
                    ? Footprint.take().line()
                    : run(() -> run(loops, isLeader, words), isVirtual).line());
        }
    }

    private static Slice run(Callable<Slice> slice, boolean isVirtual) throws Exception {
        if (!isVirtual) {
            return slice.call();
        }
        FutureTask<Slice> task = new FutureTask<>(slice);
        Thread.ofVirtual().start(task);
        return task.get();
    }

    private static Slice run(Loops loops, boolean isLeader, String[] words) throws Exception {
        boolean isQuiet = words[0].equals("quiet");
        boolean isStream = !words[0].equals("roundtrip");
        long nanos = TimeUnit.MILLISECONDS.toNanos(Long.parseLong(words[1]));
        if (isLeader) {
            return isStream && !isQuiet ? loops.leadStream(nanos) : loops.leadRoundTrips(nanos);
        }
        return isStream ? loops.followStream() : loops.followRoundTrips();
    }
}
