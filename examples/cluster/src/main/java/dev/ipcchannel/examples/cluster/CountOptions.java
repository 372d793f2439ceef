package dev.ipcchannel.examples.cluster;

import dev.ipcchannel.examples.words.TextFiles;
import dev.ipcchannel.launcher.Arguments;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.ParseException;

/// The options of the program that asks.
///
/// @param isHelp whether only [#help] is to be printed
/// @param folders to look for files in
/// @param url of servers that run with nodes; empty for a server and nodes of its own
/// @param shared the options on which all programs of the set agree
/// @param workers of each node of its own
/// @param kills how many of these nodes are killed
record CountOptions(boolean isHelp, List<Path> folders, Optional<String> url, Shared shared,
        int workers, int kills) {

    private static final int MAX_WORKERS = 64;
    private static final int USUAL_WORKERS = 2;
    private static final int MAX_KILLS = 1000;
    private static final Duration QUICK = Duration.ofSeconds(2);

    private static final Option WORKERS = Option.builder("w").longOpt("workers").hasArg()
            .argName("N").desc("how many processes count at each of the two nodes; 2 if not given")
            .get();
    private static final Option KILL = Option.builder("k").longOpt("kill").hasArg().argName("N")
            .desc("kill N nodes (SIGKILL) while they count, to see that nothing is lost").get();
    private static final Option URL = Option.builder().longOpt("url").hasArg().argName("URL")
            .desc("ask the nodes of these servers, and start and kill none").get();
    private static final Option HELP =
            Option.builder("h").longOpt("help").desc("print this text").get();
    private static final List<Option> ALL =
            List.of(WORKERS, KILL, URL, Shared.SET, Shared.REPLICAS, Shared.ACK_WAIT, HELP);

    private static final String SYNTAX =
            "java -jar examples-cluster.jar count [OPTION]... [FOLDER]...";
    private static final String HEADER = "Counts the words of all *.java, *.md and *.txt files in"
            + " folders, the current one if none is given, over the nodes of a cluster: a server of"
            + " NATS and two nodes, which it starts, or those of a URL.";
    private static final String FOOTER = "Exit codes: 0 all files counted, 1 some were not,"
            + " 2 wrong usage, no files or no nats-server, 3 the server or a node cannot run,"
            + " 4 output cannot be written.";

    /// Reads the arguments.
    ///
    /// @throws ParseException if they make no sense, with one sentence that says what to do
    static CountOptions parse(String[] args) throws ParseException {
        Arguments arguments = Arguments.parse(ALL, args);
        Shared shared = Shared.of(arguments);
        if (arguments.has(HELP)) {
            return new CountOptions(true, List.of(), Optional.empty(), shared, 0, 0);
        }
        Optional<String> url = arguments.value(URL);
        if (url.isPresent() && !Shared.isUrl(url.get())) {
            throw arguments.refusal(URL, "nats:// or tls:// and an address");
        }
        int workers = arguments.number(WORKERS, 1, MAX_WORKERS, USUAL_WORKERS);
        int kills = arguments.number(KILL, 0, MAX_KILLS, 0);
        if (url.isPresent() && (arguments.has(WORKERS) || arguments.has(KILL))) {
            throw new ParseException("--workers and --kill are for nodes of its own, and --url for"
                    + " others: pass either");
        }
        if (url.isEmpty() && (arguments.has(Shared.SET) || arguments.has(Shared.REPLICAS)
                || arguments.has(Shared.ACK_WAIT))) {
            throw new ParseException("--set, --replicas and --ack-wait are for the nodes of other"
                    + " servers: pass --url as well");
        }
        return new CountOptions(false, TextFiles.folders(arguments.words()), url,
                url.isPresent() ? shared : new Shared(shared.set(), 1, QUICK), workers, kills);
    }

    static String help() {
        return Arguments.help(SYNTAX, HEADER, ALL, FOOTER);
    }
}
