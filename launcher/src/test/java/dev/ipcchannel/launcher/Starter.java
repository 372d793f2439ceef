package dev.ipcchannel.launcher;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The java with which a user starts a program.
enum Starter {

    /// A java that is too old. Where none is installed, only [#PRETENDING] can be tested.
    OLD {
        @Override
        List<String> java() {
            Optional<JavaHome> old = new JavaSearch(System.getenv(), System.getProperty(
                    "user.home"))
                    .all().stream().filter(java -> java.feature() < 25).findFirst();
            assumeTrue(old.isPresent(), "no Java older than 25 is installed here");
            return List.of(old.orElseThrow().java().toString());
        }
    },

    /// A java that is new enough, but reports an older version.
    PRETENDING {
        @Override
        List<String> java() {
            return List.of(thisJava(), "-D" + Launcher.RUNNING + "=17");
        }
    },

    /// A java that is new enough.
    NEW {
        @Override
        List<String> java() {
            return List.of(thisJava());
        }
    };

    /// The command up to the options; the caller may add further options to the list.
    abstract List<String> java();

    List<String> command(Path jar, String... args) {
        List<String> command = new ArrayList<>(java());
        command.add("-jar");
        command.add(jar.toString());
        command.addAll(List.of(args));
        return command;
    }

    private static String thisJava() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }
}
