package dev.ipcchannel.demo;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The commands that start the programs under test: the jars as they are shipped.
final class Apps {

    static final String JAVA = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    static final Path PARENT_JAR = Path.of(System.getProperty("parentApp.jar")).normalize();
    static final Path CHILD_JAR = Path.of(System.getProperty("childApp.jar")).normalize();

    private static final Path JVMS = Path.of("/usr/lib/jvm");
    private static final String PARENT_CLASS = "dev.ipcchannel.demo.parent.ParentApp";
    private static final String CHILD_CLASS = "dev.ipcchannel.demo.child.ChildApp";

    private Apps() {}

    static List<String> parent(String... arguments) {
        return parentOn(List.of(JAVA), arguments);
    }

    /// The command of the parent, started by `java`, which is a command with its options.
    static List<String> parentOn(List<String> java, String... arguments) {
        return command(java, List.of("-jar", PARENT_JAR.toString()), arguments);
    }

    static List<String> child(String... arguments) {
        return command(List.of(JAVA), List.of("-jar", CHILD_JAR.toString()), arguments);
    }

    /// The command of the parent without the manifest, or anything else, that grants native access.
    static List<String> parentWithoutNativeAccess() {
        return List.of(JAVA, "--illegal-native-access=deny", "-cp", PARENT_JAR.toString(),
                PARENT_CLASS);
    }

    /// The same for the child.
    static List<String> childWithoutNativeAccess() {
        return List.of(JAVA, "--illegal-native-access=deny", "-cp", CHILD_JAR.toString(),
                CHILD_CLASS);
    }

    /// A java that is too old for the programs, so that their launcher keeps running as the outer
    /// JVM.
    static String olderJava() {
        Optional<Path> older = installed().stream().filter(Apps::isOlder).findFirst();
        assumeTrue(older.isPresent(), "no Java from 17 to 24 is installed in " + JVMS);
        return older.orElseThrow().resolve("bin/java").toString();
    }

    private static List<Path> installed() {
        try (Stream<Path> homes = Files.list(JVMS)) {
            return homes.toList();
        } catch (IOException _) { // no such folder
            return List.of();
        }
    }

    private static boolean isOlder(Path home) {
        try {
            return Files.isExecutable(home.resolve("bin/java"))
                    && Files.readString(home.resolve("release"))
                            .matches("(?s).*JAVA_VERSION=\"(1[7-9]|2[0-4])\\b.*");
        } catch (IOException _) {
            return false;
        }
    }

    private static List<String> command(List<String> java, List<String> program,
            String... arguments) {
        List<String> command = new ArrayList<>(java);
        command.addAll(program);
        command.addAll(Arrays.asList(arguments));
        return command;
    }
}
