package dev.ipcchannel.testing.children;

import dev.ipcchannel.Channel;
import dev.ipcchannel.Disconnected;
import dev.ipcchannel.Link;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.child.ChildJvm;
import dev.ipcchannel.testing.ClassFiles;
import dev.ipcchannel.transport.Transport;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;

/// A child that prints whether it is a child, in all ways in which that can be asked. By its
/// argument it asks before it connects ("asking"), connects first ("connecting"), or connects first
/// by a transport that is not the library's ("abroad").
public final class KinChild {

    /// Printed if it is not a child.
    public static final String STRANGER = "no child";

    private KinChild() {}

    public static void main(String[] arguments) throws Exception {
        if (arguments[0].equals("asking") && !ChildJvm.isChild()) {
            System.out.println(STRANGER);
            return;
        }
        TypeToken<String> text = TypeToken.of(String.class);
        try (Link<String, String> parent = arguments[0].equals("abroad")
                ? ChildJvm.parent(new Abroad(Transport.shm()), text, text)
                : ChildJvm.parent(text, text)) {
            while (true) {
                parent.send(answer(parent.receive()));
            }
        } catch (Disconnected end) {
            System.out.println("the end");
        }
    }

    private static String answer(String question) throws Exception {
        return switch (question) {
            case "main" -> "" + ChildJvm.isChild();
            case "thread" -> {
                FutureTask<Boolean> other = new FutureTask<>(ChildJvm::isChild);
                Thread.ofPlatform().start(other);
                yield "" + other.get();
            }
            case "loader" -> askInAnotherLoader();
            case "tool" -> runTool();
            case "command" -> ProcessHandle.current().info().commandLine().orElse("");
            default -> String.valueOf(System.getenv(question));
        };
    }

    private static String askInAnotherLoader() throws Exception {
        URL library = ClassFiles.rootOf(Channel.class).toUri().toURL();
        try (URLClassLoader other =
                new URLClassLoader(new URL[]{library}, ClassLoader.getPlatformClassLoader())) {
            Class<?> strange = Class.forName(ChildJvm.class.getName(), true, other);
            if (strange == ChildJvm.class) {
                throw new AssertionError("the same class");
            }
            return "" + strange.getMethod("isChild").invoke(null);
        }
    }

    /// Runs this program once more, in a JVM that is not a child.
    private static String runTool() throws IOException {
        Process tool = new ProcessBuilder(command("asking")).redirectErrorStream(true).start();
        return new String(tool.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }

    /// The command that runs this program.
    public static List<String> command(String... arguments) {
        List<String> words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:-UsePerfData",
                "--enable-native-access=ALL-UNNAMED", "-cp",
                System.getProperty("java.class.path"), KinChild.class.getName()));
        words.addAll(List.of(arguments));
        return words;
    }

    /// Another transport under a name of its own.
    public record Abroad(Transport way) implements Transport {

        @Override
        public String name() {
            return "abroad";
        }

        @Override
        public <O, I> Listener<O, I> listen(TypeToken<O> out, TypeToken<I> in) {
            return way.listen(out, in);
        }

        @Override
        public <O, I> Link<O, I> connect(String address, TypeToken<O> out, TypeToken<I> in)
                throws InterruptedException {
            return way.connect(address, out, in);
        }
    }
}
