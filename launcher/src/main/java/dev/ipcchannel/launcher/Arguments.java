package dev.ipcchannel.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.MissingArgumentException;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;
import org.apache.commons.cli.UnrecognizedOptionException;
import org.apache.commons.cli.help.HelpFormatter;
import org.apache.commons.cli.help.TextHelpAppendable;

/**
 * The arguments of a program. All programs of the project refuse them in the same words: one
 * sentence with what is wrong, the limit, the value given, and what to do.
 *
 * <p>Of the launcher's users only those need commons-cli that use this class.
 */
public final class Arguments {
    private static final int HELP_WIDTH = 100;
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,9})([kKmMgG])");
    private static final int UNIT_BITS = 10; // from one unit to the next
    private static final int MIB_BITS = 20;

    private final CommandLine line;

    private Arguments(CommandLine line) {
        this.line = line;
    }

    /**
     * Reads them.
     *
     * @throws ParseException if there is no such option, or one lacks its value or has one too many
     */
    public static Arguments parse(List<Option> options, String... arguments)
            throws ParseException {
        Options all = new Options();
        options.forEach(all::addOption);
        try {
            return new Arguments(DefaultParser.builder().setAllowPartialMatching(false)
                    .setStripLeadingAndTrailingQuotes(false).get().parse(all, arguments));
        } catch (MissingArgumentException failure) {
            throw new ParseException("--" + failure.getOption().getLongOpt() + " needs its "
                    + failure.getOption().getArgName() + ": see " + Command.help());
        } catch (UnrecognizedOptionException failure) {
            throw unknown(all, failure.getOption());
        } catch (ParseException failure) {
            throw new ParseException(failure.getMessage() + ": see " + Command.help());
        }
    }

    private static ParseException unknown(Options all, String given) {
        String name = given.replaceFirst("(?s)=.*", "");
        return new ParseException(all.hasOption(name)
                ? name + " takes no value: " + Command.shown(given.replaceFirst("^-+", ""))
                        + ": leave it out"
                : "there is no option " + Command.shown(name) + ": see " + Command.help());
    }

    /** Whether the option is there. */
    public boolean has(Option option) {
        return line.hasOption(option);
    }

    /** What is no option, in the order given. */
    public List<String> words() {
        return line.getArgList();
    }

    /** All values of an option that may be repeated, in the order given. */
    public List<String> values(Option option) {
        return has(option) ? Arrays.asList(line.getOptionValues(option))
                : Collections.<String>emptyList();
    }

    /**
     * The value of an option that may be given once.
     *
     * @throws ParseException if it is given more often
     */
    public Optional<String> value(Option option) throws ParseException {
        List<String> values = values(option);
        if (values.size() > 1) {
            throw new ParseException("--" + option.getLongOpt()
                    + " is given more than once: values="
                    + values.stream().map(Command::shown).collect(Collectors.toList())
                    + ": pass one");
        }
        return values.stream().findFirst();
    }

    /**
     * The whole number that an option has.
     *
     * @throws ParseException if it is none, or out of range
     */
    public int number(Option option, int min, int max, int otherwise) throws ParseException {
        return Math.toIntExact(number(option, (long) min, max, otherwise));
    }

    /**
     * The whole number that an option has.
     *
     * @throws ParseException if it is none, or out of range
     */
    public long number(Option option, long min, long max, long otherwise) throws ParseException {
        Optional<String> text = value(option);
        if (!text.isPresent()) {
            return otherwise;
        }
        try {
            long number = Long.parseLong(text.get());
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException notANumber) { // refused as one out of range is
        }
        throw refusal(option, "a whole number from " + min + " to " + max);
    }

    /**
     * The number of bytes that an option has, such as {@code 64m}; 0 if it is not given.
     *
     * @param least in MiB
     * @param most in MiB
     * @throws ParseException if it is no number with {@code k}, {@code m} or {@code g}, or out of
     * range
     */
    public long bytes(Option option, int least, int most) throws ParseException {
        Optional<String> text = value(option);
        if (!text.isPresent()) {
            return 0;
        }
        Matcher size = SIZE.matcher(text.get());
        if (size.matches()) {
            int unit = 1 + "kmg".indexOf(size.group(2).toLowerCase(Locale.ROOT));
            long bytes = Long.parseLong(size.group(1)) << (UNIT_BITS * unit);
            if (bytes >= (long) least << MIB_BITS && bytes <= (long) most << MIB_BITS) {
                return bytes;
            }
        }
        throw refusal(option, "a size with k, m or g, from " + least + "m to " + most + "m");
    }

    /** What is thrown for a value that is not {@code wanted}. */
    public ParseException refusal(Option option, String wanted) {
        return new ParseException("--" + option.getLongOpt() + " must be " + wanted + ": "
                + option.getLongOpt() + "=" + Command.shown(String.join(",", values(option))));
    }

    /** The text of help. */
    public static String help(String syntax, String header, List<Option> options, String footer) {
        StringBuilder text = new StringBuilder();
        TextHelpAppendable lines = new TextHelpAppendable(text);
        lines.setMaxWidth(HELP_WIDTH);
        lines.setIndent(0);
        try {
            HelpFormatter.builder().setShowSince(false).setHelpAppendable(lines).get()
                    .printHelp(syntax, header, new ArrayList<>(options), footer, false);
        } catch (IOException impossible) { // a StringBuilder takes everything
            throw new UncheckedIOException(impossible);
        }
        return text.toString().replaceAll(" +\n", "\n").replaceAll("^\\s+|\\s+$", "");
    }
}
