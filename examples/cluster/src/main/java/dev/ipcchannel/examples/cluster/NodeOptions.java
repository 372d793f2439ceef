package dev.ipcchannel.examples.cluster;

import dev.ipcchannel.launcher.Arguments;
import dev.ipcchannel.launcher.Command;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.ParseException;

/// The options of a node.
///
/// @param isHelp whether only [#help] is to be printed
/// @param url of the servers
/// @param shared the options on which all programs of the set agree
/// @param workers the number of workers
/// @param patience how long a drain may take
/// @param pauseMillis how long each text takes besides
record NodeOptions(boolean isHelp, String url, Shared shared, int workers, Duration patience,
        int pauseMillis) {

    private static final String VARIABLE = "NATS_URL"; // where no list of processes shows it
    private static final int MAX_WORKERS = 64;
    private static final int USUAL_PATIENCE = 25;
    private static final int MAX_PATIENCE = 86_400;
    private static final int MAX_PAUSE = 60_000;

    private static final Option WORKERS = Option.builder("w").longOpt("workers").hasArg()
            .argName("N").desc("how many processes count; one for each processor if not given")
            .get();
    private static final Option PATIENCE = Option.builder().longOpt("patience").hasArg()
            .argName("SECONDS")
            .desc("how long the jobs in hand may take once the node is asked to end; 25 if not"
                    + " given")
            .get();
    private static final Option PAUSE = Option.builder("p").longOpt("pause").hasArg()
            .argName("MILLISECONDS").desc("how long each text takes besides; 0 if not given")
            .get();
    private static final Option HELP =
            Option.builder("h").longOpt("help").desc("print this text").get();
    private static final List<Option> ALL = List.of(Shared.SET, WORKERS, Shared.REPLICAS,
            Shared.ACK_WAIT, PATIENCE, PAUSE, HELP);

    private static final String SYNTAX = "java -jar examples-cluster.jar node [OPTION]... [URL]";
    private static final String HEADER = "Is a node of the cluster whose servers have that URL, or"
            + " the one in NATS_URL, and counts the words of texts until it is asked to end"
            + " (SIGTERM, Ctrl-C).";
    private static final String FOOTER = "Exit codes: 143 after SIGTERM, 130 after Ctrl-C, 2 wrong"
            + " usage, 3 no server or no worker.";

    /// Reads the arguments.
    ///
    /// @throws ParseException if they make no sense, with one sentence that says what to do
    static NodeOptions parse(String[] args) throws ParseException {
        Arguments arguments = Arguments.parse(ALL, args);
        Shared shared = Shared.of(arguments);
        if (arguments.has(HELP)) {
            return new NodeOptions(true, "", shared, 0, Duration.ZERO, 0);
        }
        int processors = Math.min(MAX_WORKERS, Runtime.getRuntime().availableProcessors());
        return new NodeOptions(false, url(arguments.words()), shared,
                arguments.number(WORKERS, 1, MAX_WORKERS, processors),
                Duration.ofSeconds(
                        arguments.number(PATIENCE, 1, MAX_PATIENCE, USUAL_PATIENCE)),
                arguments.number(PAUSE, 0, MAX_PAUSE, 0));
    }

    private static String url(List<String> given) throws ParseException {
        List<String> words = given.isEmpty() ? Optional.ofNullable(System.getenv(VARIABLE))
                .filter(url -> !url.isEmpty()).map(List::of).orElse(given) : given;
        if (words.size() != 1) {
            throw new ParseException("one URL of the servers is needed, and nothing else: given="
                    + words.stream().map(Command::shown).toList() + ": see " + Command.help());
        }
        String url = words.getFirst();
        if (!Shared.isUrl(url)) {
            throw new ParseException("the URL of a server begins with nats:// or tls://: url="
                    + Command.shown(url));
        }
        return url;
    }

    static String help() {
        return Arguments.help(SYNTAX, HEADER, ALL, FOOTER);
    }
}
