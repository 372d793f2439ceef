package dev.ipcchannel.testing.children;

import dev.ipcchannel.testing.Flights;
import java.io.IOException;
import java.nio.file.Path;
import jdk.jfr.Recording;

/// A child that echoes as [EchoChild] does, and records everything from before its first channel
/// on; its second argument is the file that it dumps the recording to.
public final class RecordingChild {

    private RecordingChild() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        try (Recording recording = Flights.start()) {
            EchoChild.main(new String[]{arguments[0]});
            recording.dump(Path.of(arguments[1]));
        }
    }
}
