package dev.ipcchannel.testing.children;

import dev.ipcchannel.Channel;
import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.Duplex;
import dev.ipcchannel.OneShotServer;
import dev.ipcchannel.Sender;
import dev.ipcchannel.WaitStrategy;
import dev.ipcchannel.testing.ClassFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The common code of children.
final class Talker {

    private Talker() {}

    /// Makes two channels and hands the far ends to the parent.
    ///
    /// @param arguments the server's name and, where wanted, capacity and wait strategy
    static Duplex<String, String> connect(String[] arguments) throws InterruptedException {
        Duplex.Pair<String, String> pair =
                Duplex.create(String.class, String.class, options(arguments));
        try (Sender<Talk> parent = OneShotServer.connect(arguments[0], Talk.class)) {
            parent.send(new Talk(pair.far().sender(), pair.far().receiver()));
        }
        return pair.near();
    }

    private static ChannelOptions options(String[] arguments) {
        ChannelOptions options = ChannelOptions.defaults();
        if (arguments.length > 1) {
            options = options.withCapacity(Integer.parseInt(arguments[1]));
        }
        if (arguments.length > 2) {
            options = options.withWaitStrategy(WaitStrategy.valueOf(arguments[2]));
        }
        return options;
    }

    /// Waits for the parent's cue, or its end.
    static void awaitCue() throws IOException {
        while (System.in.read() >= 0) {
            // whatever is written there, only the end counts
        }
    }

    /// Loads every class of the library now: where classes are files, as in tests, that takes
    /// descriptors, which a child with few of them lacks later.
    static void loadLibrary() throws ClassNotFoundException, IOException {
        Path classes = ClassFiles.rootOf(Channel.class);
        List<Path> files;
        try (Stream<Path> all = Files.walk(classes.resolve("dev"))) {
            files = all.map(classes::relativize)
                    .filter(file -> file.toString().endsWith(".class")).toList();
        }
        for (Path file : files) {
            load(file.toString().replace('/', '.').replaceAll("\\.class$", ""));
        }
    }

    private static void load(String name) throws ClassNotFoundException {
        try {
            Class.forName(name);
        } catch (NoClassDefFoundError _) {
            // JSON's: the library that it needs may lie where this user cannot read.
        }
    }
}
