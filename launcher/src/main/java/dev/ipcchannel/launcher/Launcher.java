package dev.ipcchannel.launcher;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.jar.JarFile;

/**
 * First class of a program that needs Java 25: runs it here, or on a Java 25 if this one is older.
 *
 * <p>The jar's manifest says what to run:
 *
 * <pre>
 * Main-Class: dev.ipcchannel.launcher.Launcher
 * Launched-Class: the class whose main method is the program
 * </pre>
 *
 * <p>On a Java that is new enough the program's main is called in this JVM, and nothing else of
 * this package is loaded: every start pays for this path. On an older one {@link InnerJvm} takes
 * over. A main that returns although its output is lost ends with an exit code that says so.
 */
public final class Launcher {

    /** For tests: the version that the program is said to need. */
    static final String NEEDED = "dev.ipcchannel.launcher.needed";

    /** For tests: the version that this Java is taken for. */
    static final String RUNNING = "dev.ipcchannel.launcher.running";

    private static final int OUTPUT_LOST = 1;

    private Launcher() {}

    /**
     * Runs the program that the manifest names.
     *
     * @param args what the program gets
     * @throws Throwable what the program throws
     */
    public static void main(String[] args) throws Throwable {
        String lifeline = System.getProperty(Lifeline.PIPE);
        if (lifeline != null) {
            Lifeline.watch(lifeline);
        } else if (running() < needed()) {
            System.exit(InnerJvm.run(args));
        }
        program(args);
    }

    static int needed() {
        return Integer.getInteger(NEEDED, 25);
    }

    private static int running() {
        String version = System.getProperty("java.specification.version");
        return Integer.getInteger(RUNNING, version.equals("1.8") ? 8 : Integer.parseInt(version));
    }

    private static void program(String[] args) throws Throwable {
        String launched = launchedClass();
        if (launched == null) {
            System.err.println(jar() + " is no program by itself: its manifest names no"
                    + " Launched-Class: start parent-app.jar, say");
            System.exit(InnerJvm.CANNOT_START);
        }
        Method main = Class.forName(launched).getMethod("main", String[].class);
        try {
            main.invoke(null, (Object) args);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
        if (System.out.checkError()) {
            System.exit(StandardOutput.lost(programName(), OUTPUT_LOST));
        }
    }

    // Package.getImplementationTitle() would save one class but read worse; both cost the same.
    private static String launchedClass() throws IOException {
        try (JarFile file = new JarFile(jar())) {
            return file.getManifest().getMainAttributes().getValue("Launched-Class");
        }
    }

    // The program's name as its help shows it: `plugins` for examples-plugins.jar.
    private static String programName() {
        return new File(jar()).getName().replaceAll("^examples-|\\.jar$", "");
    }

    static String jar() {
        return System.getProperty("java.class.path").split(File.pathSeparator, 2)[0];
    }
}
