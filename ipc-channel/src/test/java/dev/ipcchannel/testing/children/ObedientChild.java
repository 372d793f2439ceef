package dev.ipcchannel.testing.children;

import dev.ipcchannel.Disconnected;
import dev.ipcchannel.Link;
import dev.ipcchannel.child.ChildJvm;
import dev.ipcchannel.child.ChildProcess;
import dev.ipcchannel.child.Output;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryManagerMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Scanner;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A child that runs its parent's orders, and answers each when it is done. An order is a word, a
/// space and an argument.
public final class ObedientChild {

    private static final int CROWD = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private ObedientChild() {}

    public static void main(String[] arguments) throws InterruptedException {
        try (Link<String, String> parent = ChildJvm.parent(String.class, String.class)) {
            while (true) {
                String[] order = parent.receive().split(" ", 2);
                parent.send(answer(order[0], order[1], List.of(arguments)));
            }
        } catch (Disconnected end) {
            System.out.println("the end");
        }
    }

    private static String answer(String order, String what, List<String> arguments) {
        return switch (order) {
            case "argument" -> arguments.get(Integer.parseInt(what));
            case "property" -> System.getProperty(what, "none");
            case "variable" -> String.valueOf(System.getenv(what));
            case "show" -> show(what);
            case "read" -> line();
            case "run" -> end(start(Path.of(what)));
            case "script" -> end(ChildJvm.ofCommand("sh", "-c", what).output(Output.capture())
                    .errors(Output.capture()).start());
            case "crowd" -> Stream.generate(() -> start(Path.of(what))).limit(CROWD).toList()
                    .stream().map(ObedientChild::end).collect(Collectors.joining("; "));
            case "print" -> {
                System.out.println(what);
                yield "printed";
            }
            case "complain" -> {
                System.err.println(what);
                yield "complained";
            }
            default -> throw new IllegalArgumentException(order);
        };
    }

    /// Starts a jar as a child of this process, which notes the classes that it loads.
    private static ChildProcess start(Path jar) {
        return ChildJvm.ofJar(jar).output(Output.capture()).errors(Output.capture())
                .jvmOptions("-Xlog:class+load:file=" + jar + ".log").start();
    }

    private static String end(ChildProcess child) {
        try (child) {
            int code = child.awaitExit(PATIENCE);
            return code + " " + child.output().lines() + " " + child.output().errorLines();
        } catch (InterruptedException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static String line() {
        return new Scanner(System.in, StandardCharsets.UTF_8).nextLine();
    }

    private static String show(String what) {
        return switch (what) {
            case "flags" -> String.join(" ",
                    ManagementFactory.getRuntimeMXBean().getInputArguments());
            case "heap" -> Long.toString(Runtime.getRuntime().maxMemory());
            case "directory" -> Path.of("").toAbsolutePath().toString();
            case "collectors" -> ManagementFactory.getGarbageCollectorMXBeans().stream()
                    .map(MemoryManagerMXBean::getName).collect(Collectors.joining(" "));
            case "parent" -> second();
            case "command" -> ProcessHandle.current().info().commandLine().orElse("");
            default -> throw new IllegalArgumentException(what);
        };
    }

    private static String second() {
        try (Link<String, String> parent = ChildJvm.parent(String.class, String.class)) {
            return parent.toString();
        } catch (IllegalStateException refused) {
            return String.valueOf(refused.getMessage());
        } catch (InterruptedException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
