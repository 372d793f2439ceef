package dev.ipcchannel.torture.kills;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/// The threads of a process, as the kernel sees them.
final class Tasks {

    private Tasks() {}

    /// The names of the threads that sleep now.
    static Set<String> asleep(Process process) {
        Set<String> names = new HashSet<>();
        Path tasks = Path.of("/proc", Long.toString(process.pid()), "task");
        try (DirectoryStream<Path> each = Files.newDirectoryStream(tasks)) {
            for (Path task : each) {
                // 123 (name) S …
                String stat = Files.readString(task.resolve("stat"));
                int close = stat.lastIndexOf(')');
                if (stat.startsWith(" S ", close + 1)) {
                    names.add(stat.substring(stat.indexOf('(') + 1, close));
                }
            }
        } catch (IOException _) { // it has ended meanwhile
            return names;
        }
        return names;
    }
}
