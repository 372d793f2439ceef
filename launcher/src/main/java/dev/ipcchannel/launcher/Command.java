package dev.ipcchannel.launcher;

/** The words that the user has typed to start this program, as its complaints show them. */
public final class Command {

    /** The property by which a script of the project says that it has started this JVM. */
    public static final String SCRIPT = "dev.ipcchannel.script";

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
}
