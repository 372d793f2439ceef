package dev.ipcchannel.testing.children;

import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.Disconnected;
import dev.ipcchannel.Link;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.WaitStrategy;
import dev.ipcchannel.call.Responder;
import dev.ipcchannel.child.ChildJvm;
import dev.ipcchannel.child.ChildLink;
import dev.ipcchannel.transport.Transport;
import dev.ipcchannel.worker.Worker;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A child that returns the options of its ends, or of those of a child of its own, and how often
/// it has slept, and sends back all other texts. As a worker or as a responder it answers a number
/// with so many letters. Its first argument chooses the role.
public final class OptionsChild {

    /// Its own options, where it can choose.
    public static final ChannelOptions OWN = ChannelOptions.defaults().withCapacity(8192)
            .withWaitStrategy(WaitStrategy.BLOCK).withMaxMessage(10_000);

    private OptionsChild() {}

    /// Talks with its parent until that is gone.
    public static void main(String[] arguments) throws Exception {
        switch (arguments[0]) {
            case "plain" -> talk(ChildJvm.parent(String.class, String.class));
            case "own" -> talk(parent(Transport.shm(OWN)));
            case "abroad" -> talk(parent(new KinChild.Abroad(Transport.shm(OWN))));
            case "worker" -> Worker.connect(String.class, String.class)
                    .serve((job, _) -> answer(job));
            case "responder" -> {
                try (Responder<String, String> parent =
                        ChildJvm.responder(String.class, String.class)) {
                    parent.serve((question, _) -> answer(question));
                }
            }
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    private static Link<String, String> parent(Transport transport) throws InterruptedException {
        TypeToken<String> text = TypeToken.of(String.class);
        return ChildJvm.parent(transport, text, text);
    }

    private static void talk(Link<String, String> link) throws InterruptedException {
        try (link) {
            while (true) {
                String word = link.receive();
                link.send(switch (word) {
                    case "options" -> link.sender().options() + " " + link.receiver().options();
                    case "grandchild" -> askGrandchild();
                    case "sleeps" -> "" + link.receiver().stats().wakeUps();
                    default -> word;
                });
            }
        } catch (Disconnected _) { // the parent is done
        }
    }

    private static String askGrandchild() throws InterruptedException {
        try (ChildLink<String, String> child =
                ChildJvm.ofCommand(command("plain").toArray(String[]::new))
                        .start(String.class, String.class)) {
            child.send("options");
            return child.receive();
        }
    }

    private static String answer(String question) {
        return question.startsWith("x") ? "" + question.length()
                : "x".repeat(Integer.parseInt(question));
    }

    /// The command that runs this program as a process not started by the library.
    public static List<String> command(String... arguments) {
        List<String> words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:-UsePerfData",
                "--enable-native-access=ALL-UNNAMED", "-cp",
                System.getProperty("java.class.path"), OptionsChild.class.getName()));
        words.addAll(List.of(arguments));
        return words;
    }
}
