package dev.ipcchannel.launcher;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The java with which somebody starts a program.
enum Starter {

    /// One that is too old. Where none is installed, [#PRETENDING] is all that can be tested.
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

    /// One that is new enough, but says that it is not.
    PRETENDING {
        @Override
        List<String> java() {
            return List.of(thisJava(), "-D" + Launcher.RUNNING + "=17");
        }
    },

    /// One that is new enough.
    NEW {
        @Override
        List<String> java() {
            return List.of(thisJava());
        }
    };

    /// The command up to the options: further ones may be added to the list.
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
