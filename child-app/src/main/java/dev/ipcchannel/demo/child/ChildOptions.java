package dev.ipcchannel.demo.child;

import dev.ipcchannel.launcher.Arguments;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.ParseException;
import org.jspecify.annotations.Nullable;

/// The options of the child, from the command line and the environment.
///
/// @param notice the text to print instead of running, if help or the version was asked for
/// @param channelName the name of the parent's server
/// @param isQuiet whether messages are answered without being printed
record ChildOptions(@Nullable String notice, String channelName, boolean isQuiet) {

    private static final String PREFIX = "channel_name:";
    private static final String VARIABLE = "CHANNEL_NAME";

    private static final Option NAME = Option.builder().longOpt("channel_name").hasArg()
            .argName("NAME").desc("name of the parent's server, as channel_name:NAME").get();
    private static final Option QUIET = Option.builder().longOpt("quiet")
            .desc("answer messages without printing them").get();
    private static final Option HELP = Option.builder("h").longOpt("help")
            .desc("print this text").get();
    private static final Option VERSION = Option.builder().longOpt("version")
            .desc("print the version").get();
    private static final List<Option> ALL = List.of(NAME, QUIET, HELP, VERSION);

    private static final String SYNTAX =
            "java -jar child-app.jar channel_name:NAME | --channel_name NAME [--quiet]";
    private static final String HEADER = "Answers the messages of a parent until that says quit."
            + " Without an argument the name comes from the environment, as CHANNEL_NAME.";
    private static final String FOOTER =
            "Exit codes: 0 done, 2 wrong usage or nothing can run here,"
                    + " 4 timeout, 5 parent lost, 6 protocol, 7 output cannot be written.";

    /// Reads the arguments. A name among them takes precedence over that in the environment.
    ///
    /// @throws ParseException if they make no sense, with one sentence that says what to do
    static ChildOptions parse(String[] args, Map<String, String> environment)
            throws ParseException {
        Arguments arguments = Arguments.parse(ALL, args);
        if (arguments.has(HELP)) {
            return new ChildOptions(help(), "", false);
        }
        if (arguments.has(VERSION)) {
            return new ChildOptions(version(), "", false);
        }
        return new ChildOptions(null, channelName(arguments, environment), arguments.has(QUIET));
    }

    private static String channelName(Arguments arguments, Map<String, String> environment)
            throws ParseException {
        List<String> names = namesIn(arguments);
        if (names.isEmpty() && environment.containsKey(VARIABLE)) {
            names.add(environment.get(VARIABLE));
        }
        if (names.size() > 1) {
            throw new ParseException("the server's name is given more than once: names=" + names
                    + ": pass one");
        }
        if (names.isEmpty() || names.getFirst().isEmpty()) {
            throw new ParseException("the name of the parent's server is missing: pass"
                    + " channel_name:NAME with the name that the parent prints, or set "
                    + VARIABLE);
        }
        if (!names.getFirst().startsWith("/")) {
            throw new ParseException("the server's name is a path from / on: name="
                    + names.getFirst() + ": pass it as the parent prints it");
        }
        return names.getFirst();
    }

    private static List<String> namesIn(Arguments arguments) throws ParseException {
        List<String> names = new ArrayList<>(arguments.values(NAME));
        for (String argument : arguments.words()) {
            if (!argument.startsWith(PREFIX)) {
                throw new ParseException("an argument is not understood: argument=" + argument
                        + ": pass channel_name:NAME");
            }
            names.add(argument.substring(PREFIX.length()));
        }
        return names;
    }

    private static String help() {
        return Arguments.help(SYNTAX, HEADER, ALL, FOOTER);
    }

    private static String version() {
        String version = ChildApp.class.getPackage().getImplementationVersion();
        return "child-app " + (version == null ? "(not run from its jar)" : version);
    }
}
