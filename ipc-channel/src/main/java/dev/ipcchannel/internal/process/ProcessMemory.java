package dev.ipcchannel.internal.process;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The memory of a process, as the kernel counts it.
public final class ProcessMemory {

    private static final Pattern PRIVATE = Pattern.compile("^RssAnon:\\s+(\\d{1,15}) kB$",
            Pattern.MULTILINE);

    private ProcessMemory() {}

    /// The bytes that a process has in memory alone: its heap and stacks, for instance, and neither
    /// files nor memory that it shares with others.
    ///
    /// @return 0 if the process is gone, or the kernel does not say it
    public static long privateBytes(long pid) {
        try (FileInputStream status = new FileInputStream("/proc/" + pid + "/status")) {
            Matcher found = PRIVATE.matcher(
                    new String(status.readAllBytes(), StandardCharsets.ISO_8859_1));
            return found.find() ? Long.parseLong(found.group(1)) * 1024 : 0;
        } catch (IOException _) {
            return 0;
        }
    }
}
