package dev.ipcchannel.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// The program that the launcher runs in its tests. Its first argument names what it does.
public final class Program {

    private Program() {}

    public static void main(String[] args) throws Exception {
        List<String> rest = Arrays.asList(args).subList(1, args.length);
        switch (args[0]) {
            case "echo" -> System.out.println(rest);
            case "cat" -> System.in.transferTo(System.out);
            case "exit" -> System.exit(Integer.parseInt(rest.getFirst()));
            case "fail" -> throw new IllegalStateException("of the program");
            case "jvm" -> System.out.println(ManagementFactory.getRuntimeMXBean()
                    .getInputArguments());
            case "feature" -> System.out.println(Runtime.version().feature());
            case "pid" -> System.out.println(ProcessHandle.current().pid());
            case "die" -> killSelf();
            case "stay" -> stay(Path.of(rest.get(0)), Path.of(rest.get(1)));
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    private static void killSelf() throws Exception {
        long pid = ProcessHandle.current().pid();
        new ProcessBuilder("kill", "-KILL", Long.toString(pid)).start().waitFor();
        Thread.sleep(Long.MAX_VALUE);
    }

    /// Writes its pid and runs until it is ended. An orderly end leaves a second file.
    private static void stay(Path pid, Path farewell) throws Exception {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> write(farewell, "bye")));
        write(pid, ProcessHandle.current().pid() + "\n");
        Thread.sleep(Long.MAX_VALUE);
    }

    private static void write(Path file, String text) {
        try {
            Path whole = file.resolveSibling(file.getFileName() + ".part");
            Files.writeString(whole, text, StandardCharsets.UTF_8);
            Files.move(whole, file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
