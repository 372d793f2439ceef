package dev.ipcchannel.testing.children;

import dev.ipcchannel.ResourceExhausted;
import dev.ipcchannel.named.ChannelType;
import dev.ipcchannel.named.ConnMode;
import dev.ipcchannel.named.IpcChannel;
import dev.ipcchannel.named.NamedReceiver;
import dev.ipcchannel.named.NamedSender;
import dev.ipcchannel.named.NamedSignal;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;

/// A child that opens the first receiving end of its process with 0, 1, 2, … descriptors left,
/// until it succeeds, and prints how often it failed.
///
/// The library's classes are loaded before, which takes a descriptor. All else that a process makes
/// once is made then.
public final class FirstEndChild {

    private FirstEndChild() {}

    public static void main(String[] arguments) throws Exception {
        loadLibrary();
        NamedSender.open("warm", String.class).close();
        int refused = 0;
        while (!isOpen(arguments[0], refused)) {
            refused++;
        }
        System.out.println("refused " + refused);
    }

    private static void loadLibrary() throws Exception {
        Path classes = Path.of(
                NamedSender.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        List<String> names;
        try (Stream<Path> files = Files.walk(classes)) {
            names = files.map(file -> classes.relativize(file).toString())
                    .filter(name -> name.endsWith(".class") && !name.contains("-info"))
                    .map(name -> name.substring(0, name.length() - 6).replace('/', '.')).toList();
        }
        for (String name : names) {
            Class<?> _ = Class.forName(name, false, NamedSender.class.getClassLoader());
        }
    }

    private static boolean isOpen(String kind, int left) throws Exception {
        Deque<FileInputStream> files = new ArrayDeque<>();
        try {
            while (true) {
                files.push(new FileInputStream("/dev/null"));
            }
        } catch (IOException _) { // no more
            for (int i = 0; i < left; i++) {
                files.pop().close();
            }
            try (AutoCloseable _ = opened(kind)) {
                return true;
            } catch (ResourceExhausted expected) {
                return false;
            }
        } finally {
            for (FileInputStream file : files) {
                file.close();
            }
        }
    }

    private static AutoCloseable opened(String kind) throws InterruptedException {
        return switch (kind) {
            case "broadcast" -> IpcChannel.open(ChannelType.ROUTE, "words", ConnMode.RECEIVER);
            case "signal" -> NamedSignal.open("words");
            default -> NamedReceiver.open("words", String.class);
        };
    }
}
