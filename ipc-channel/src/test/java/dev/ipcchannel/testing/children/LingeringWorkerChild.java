package dev.ipcchannel.testing.children;

import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Packet;
import dev.ipcchannel.testing.Libc;
import dev.ipcchannel.testing.Lingers;
import dev.ipcchannel.worker.Worker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// A worker that answers jobs with their own text; but if that begins with a number, it is the port
/// of a TCP server that reads nothing: it sends its parent, on every socket it has to it, a
/// connection to there whose last close waits, closes it itself, makes the file that is named after
/// the number, and ends at once.
public final class LingeringWorkerChild {

    private LingeringWorkerChild() {}

    public static void main(String[] arguments) throws InterruptedException {
        Worker.serve(String.class, String.class, (job, _) -> {
            if (Character.isDigit(job.charAt(0))) {
                String[] words = job.split(" ", -1);
                Descriptor lingering =
                        Libc.lingering(Integer.parseInt(words[0]), Lingers.SECONDS);
                sendEverywhere(lingering);
                lingering.close(); // not the last one: the parent has not looked yet
                Path _ = Files.createFile(Path.of(words[1]));
                Runtime.getRuntime().halt(0);
            }
            return job;
        });
    }

    private static void sendEverywhere(Descriptor lingering) throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"));
                Packet packet = new Packet()) {
            packet.putByte(0, 0);
            for (Path descriptor : descriptors.filter(LingeringWorkerChild::isSocket).toList()) {
                Descriptor socket =
                        new Descriptor(Integer.parseInt(descriptor.getFileName().toString()));
                if (socket.number() != lingering.number()) {
                    packet.send(socket, List.of(lingering));
                }
            }
        }
    }

    private static boolean isSocket(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
        } catch (IOException _) { // closed meanwhile
            return false;
        }
    }
}
