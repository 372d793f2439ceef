package dev.ipcchannel.testing.children;

import dev.ipcchannel.Channel;
import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.Duplex;
import dev.ipcchannel.OneShotServer;
import dev.ipcchannel.Sender;
import dev.ipcchannel.WaitStrategy;
import dev.ipcchannel.testing.ClassFiles;
import java.io.IOException;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

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
            // the contents do not matter, only the end
        }
    }

    /// Loads every class of the library now: the first that comes out of its jar takes a
    /// descriptor, which a child with few of them lacks later.
    static void loadLibrary() throws ClassNotFoundException, IOException {
        List<String> files;
        try (JarFile library = new JarFile(ClassFiles.rootOf(Channel.class).toFile())) {
            files = library.stream().map(JarEntry::getName).toList();
        }
        for (String file : files) {
            if (file.endsWith(".class")) {
                load(file.replace('/', '.').replaceAll("\\.class$", ""));
            }
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
