package dev.ipcchannel.launcher;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** The words that the user has typed to start this program, as its complaints show them. */
public final class Command {

    /** The property by which a script of the project says that it has started this JVM. */
    public static final String SCRIPT = "dev.ipcchannel.script";

    /** What a JVM makes of bytes that it cannot read as letters of its locale. */
    public static final String UNREADABLE = "\ufffd";

    private static final int MAX_LETTERS = 200;

    private Command() {}

    /**
     * Its name, before what it complains of.
     *
     * @param program what it calls itself where no script has started it
     */
    public static String name(String program) {
        return System.getProperty(SCRIPT, program);
    }

    /** Where its options are explained. */
    public static String help() {
        String script = System.getProperty(SCRIPT);
        return script == null ? "--help" : "scripts/" + script + " --help";
    }

    /**
     * What was given as a sentence has it: with Java escapes for control characters, and not more
     * than 200 letters. The scripts do the same (lib.sh).
     */
    public static String shown(String given) {
        int length = given.codePointCount(0, given.length());
        String cut = length <= MAX_LETTERS ? given
                : given.substring(0, given.offsetByCodePoints(0, MAX_LETTERS));
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < cut.length(); i++) {
            char letter = cut.charAt(i);
            text.append(Character.isISOControl(letter)
                    ? String.format(Locale.ROOT, "\\u%04x", (int) letter)
                    : String.valueOf(letter));
        }
        return length <= MAX_LETTERS ? text.toString() : text + "... (" + length + " letters)";
    }

    /**
     * The sentence about a text in which there is an {@link #UNREADABLE}.
     *
     * @param what its subject
     */
    public static String unreadable(String what) {
        return what + (Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"))
                .equals(StandardCharsets.UTF_8)
                        ? " has bytes that are no letters in UTF-8: write it in UTF-8"
                        : " has letters that this locale does not have: set LC_ALL=C.UTF-8");
    }
}
