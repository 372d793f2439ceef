package dev.ipcchannel.testing.children;

import dev.ipcchannel.Channel;
import dev.ipcchannel.IpcException;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.named.NamedReceiver;
import dev.ipcchannel.named.NamedService;
import dev.ipcchannel.named.NamedSignal;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;

/// A child that opens a name as its argument says ([#SERVES], [#RECEIVES], [#LISTENS]), has no
/// descriptor left from one cue to the next, and prints what arrives.
public final class FillingChild {

    /// The name.
    public static final String NAME = "filling";

    public static final String SERVES = "serves";
    public static final String RECEIVES = "receives";
    public static final String LISTENS = "listens";

    /// Printed once the name is open.
    public static final String READY = "ready";

    /// Printed once no descriptor is left.
    public static final String FULL = "full";

    /// Printed once there are some again.
    public static final String FREE = "free";

    private FillingChild() {}

    public static void main(String[] arguments) throws Exception {
        loadAll();
        switch (arguments[0]) {
            case SERVES -> {
                try (NamedService _ = NamedService.serve(NAME, byte[].class, Integer.class,
                        (question, _) -> question.length)) {
                    fillAndFree();
                }
            }
            case RECEIVES -> {
                try (NamedReceiver<String> receiver = NamedReceiver.open(NAME, String.class)) {
                    start(() -> System.out.println("got " + receiver.receive()));
                    fillAndFree();
                }
            }
            default -> {
                try (NamedSignal signal = NamedSignal.open(NAME)) {
                    start(() -> {
                        try { // without repeated waits, which the log would report
                            System.out.println("heard " + signal.await(1, Duration.ofMillis(50)));
                        } catch (TimedOut _) {
                            // none yet
                        }
                    });
                    fillAndFree();
                }
            }
        }
        System.exit(0); // the receiving thread waits
    }

    private interface Step {
        void run() throws Exception;
    }

    private static void start(Step step) {
        Thread.ofPlatform().daemon().start(() -> {
            while (true) {
                try {
                    step.run();
                } catch (IpcException _) {
                    // that something is lacking
                } catch (Exception failure) {
                    throw new IllegalStateException(failure);
                }
            }
        });
    }

    private static void fillAndFree() throws IOException {
        System.out.println(READY);
        int _ = System.in.read();
        Deque<FileInputStream> all = new ArrayDeque<>();
        try {
            while (true) {
                all.push(new FileInputStream("/dev/null"));
            }
        } catch (IOException _) {
            System.out.println(FULL);
        }
        int _ = System.in.read();
        for (FileInputStream one : all) {
            one.close();
        }
        System.out.println(FREE);
        int _ = System.in.read();
    }

    /// Loads all classes: without a descriptor none could be read from a folder, though from a jar
    /// it could.
    private static void loadAll() throws Exception {
        Path folder = Path.of(Channel.class.getProtectionDomain().getCodeSource().getLocation()
                .toURI());
        List<String> names;
        try (Stream<Path> files = Files.walk(folder)) {
            names = files.map(file -> folder.relativize(file).toString())
                    .filter(file -> file.endsWith(".class") && !file.endsWith("-info.class"))
                    .map(file -> file.substring(0, file.length() - ".class".length())
                            .replace('/', '.'))
                    .toList();
        }
        for (String name : names) {
            Class<?> _ = Class.forName(name, false, Channel.class.getClassLoader());
        }
    }
}
