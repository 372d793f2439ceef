package dev.ipcchannel.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// The kernel's table of Unix sockets. It describes a socket of which a descriptor gives only the
/// number.
final class SocketTable {

    // number, users, protocol, flags, type, state, inode, path
    private static final Path TABLE = Path.of("/proc/net/unix");
    private static final int TYPE = 4;
    private static final int INODE = 6;
    private static final int PATH = 7;

    private SocketTable() {}

    /// A line about a socket (`socket:[4711]`) with its kind and its path: the listener's path if
    /// it was accepted, no path if it has connected or is one of a pair.
    static String described(String line) {
        int start = line.indexOf("socket:[");
        if (start < 0) {
            return line;
        }
        String inode = line.substring(line.indexOf('[', start) + 1, line.indexOf(']', start));
        try (Stream<String> table = Files.lines(TABLE)) {
            return table.map(socket -> socket.split(" +", PATH + 1))
                    .filter(words -> words[INODE].equals(inode)).findFirst()
                    .map(words -> line + ", " + shown(words)).orElse(line);
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    private static String shown(String[] words) {
        String kind = switch (words[TYPE]) {
            case "0001" -> "of a stream";
            case "0005" -> "of packets";
            default -> "type=" + words[TYPE];
        };
        return words.length > PATH ? kind + ", path=" + words[PATH] : kind;
    }
}
