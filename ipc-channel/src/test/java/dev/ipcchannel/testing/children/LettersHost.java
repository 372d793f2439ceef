package dev.ipcchannel.testing.children;

import dev.ipcchannel.ChildFailed;
import dev.ipcchannel.OneShotServer;
import dev.ipcchannel.Sender;
import dev.ipcchannel.child.ChildJvm;
import dev.ipcchannel.child.ChildLink;
import dev.ipcchannel.child.ChildProcess;
import dev.ipcchannel.child.Output;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;

/// A host that starts children with non-ASCII letters in all that they are given, and prints in
/// ASCII what arrives. Its arguments: "words" or "places", a file of such words or a folder with an
/// odd name, and the locales of the children; or only "server".
public final class LettersHost {

    /// The separator of words in their file.
    public static final String SEPARATOR = "\0";

    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private LettersHost() {}

    public static void main(String[] arguments) throws Exception {
        Path place = Path.of(arguments.length > 1 ? arguments[1] : "");
        for (String locale : List.of(arguments).stream().skip(2).toList()) {
            if (arguments[0].equals("words")) {
                String[] words = Files.readString(place).split(SEPARATOR, -1);
                for (int i = 0; i < words.length; i++) {
                    String start = locale + " " + i + " ";
                    sayWords(start, words[i], ChildJvm.of(ObedientChild.class).shortLived()
                            .environment("LC_ALL", locale).output(Output.capture()));
                    sayCommand(start, words[i], locale);
                }
            } else {
                sayPlaces(locale, place);
            }
        }
        if (arguments[0].equals("server")) {
            sayServer();
        }
    }

    /// Prints the place of a server's socket, and a message that arrives there.
    private static void sayServer() throws InterruptedException {
        try (OneShotServer<String> server = OneShotServer.open(String.class);
                Sender<String> client = OneShotServer.connect(server.name(), String.class)) {
            client.send("here");
            System.out.println(ascii(server.name()).replaceFirst("/ipc-channel-.*", "") + ": "
                    + server.accept(PATIENCE));
        }
    }

    /// Prints what arrives of a word in all ways at once, or else the refusal of each way.
    private static void sayWords(String start, String word, ChildJvm child)
            throws InterruptedException {
        ChildJvm all = child.arguments("@no file", word).jvmOptions("-Dword=" + word)
                .environment("WORD", word).environment("OTHER", "'");
        try (ChildLink<String, String> link = all.start(String.class, String.class)) {
            for (String question : List.of("argument 1", "property word", "variable WORD")) {
                link.send(question);
                System.out.println(start + question + ": " + shown(link.receive(PATIENCE), word));
            }
            for (String question : List.of("argument 0", "variable OTHER")) {
                link.send(question);
                System.out.println(start + question + ": " + link.receive(PATIENCE));
            }
        } catch (ChildFailed _) {
            sayRefusal(start, child.arguments(word));
            sayRefusal(start, child.jvmOptions("-Dword=" + word));
            sayRefusal(start, child.environment("WORD", word));
        }
    }

    private static String shown(String arrived, String word) {
        return arrived.equals(word) ? "as it was" : HexFormat.of()
                .formatHex(arrived.getBytes(StandardCharsets.UTF_16BE));
    }

    private static void sayRefusal(String start, ChildJvm child) {
        try (ChildProcess started = child.start()) {
            System.out.println(start + "started: pid=" + started.pid());
        } catch (ChildFailed refused) {
            System.out.println(start + ascii(String.valueOf(refused.getMessage())));
        }
    }

    /// Prints the bytes that arrive at another program.
    private static void sayCommand(String start, String word, String locale)
            throws InterruptedException {
        ChildJvm command = ChildJvm.ofCommand("sh", "-c",
                "printf '%s+%s+%s' \"$1\" \"$WORD\" \"$INHERITED\" | od -An -v -tx1"
                        + " | tr -d ' \\n'; echo",
                "sh", word)
                .environment("LC_ALL", locale).environment("WORD", word)
                .output(Output.capture());
        try (ChildProcess child = command.start()) {
            int exit = child.awaitExit(PATIENCE);
            System.out.println(start + "command " + exit + ": " + child.output().lines());
        } catch (ChildFailed refused) {
            System.out.println(start + ascii(String.valueOf(refused.getMessage())));
        }
    }

    /// Prints the results of a child with its working directory, its output file and its jar in
    /// that folder below `place`.
    private static void sayPlaces(String locale, Path place)
            throws IOException, InterruptedException {
        Path odd;
        try (DirectoryStream<Path> all = Files.newDirectoryStream(place)) {
            odd = all.iterator().next();
        }
        Path out = odd.resolve("out " + locale);
        ChildJvm command =
                ChildJvm.ofCommand("sh", "-c", "/bin/pwd | od -An -v -tx1 | tr -d ' \\n'")
                        .environment("LC_ALL", locale);
        end(command.directory(odd).output(Output.toFile(out)).errors(Output.toFile(out)));
        System.out.println(locale + " folder: " + Files.readAllLines(out));
        Files.delete(out);
        ChildJvm jar = ChildJvm.ofJar(odd.resolve("here.jar")).environment("LC_ALL", locale)
                .shortLived().output(Output.capture());
        try (ChildProcess child = jar.start()) {
            int exit = child.awaitExit(PATIENCE);
            System.out.println(locale + " jar " + exit + ": " + child.output().lines());
        } catch (ChildFailed refused) {
            System.out.println(locale + " " + ascii(String.valueOf(refused.getMessage())));
        }
        try {
            end(ChildJvm.of(KinChild.class).arguments("asking").shortLived().directory(odd)
                    .environment("LC_ALL", locale).output(Output.capture()));
            System.out.println(locale + " directory: as it was");
        } catch (ChildFailed refused) {
            System.out.println(locale + " " + ascii(String.valueOf(refused.getMessage())));
        }
    }

    private static void end(ChildJvm command) throws InterruptedException {
        try (ChildProcess child = command.start()) {
            int exit = child.awaitExit(PATIENCE);
            if (exit != 0) {
                throw new IllegalStateException(child.report().toString());
            }
        }
    }

    private static String ascii(String text) {
        StringBuilder ascii = new StringBuilder();
        text.chars().forEach(letter -> ascii.append(
                letter < 0x80 ? "" + (char) letter : "\\u%04x".formatted(letter)));
        return ascii.toString();
    }
}
