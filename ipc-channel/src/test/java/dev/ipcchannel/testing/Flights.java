package dev.ipcchannel.testing;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/// Recordings of the library's events.
public final class Flights {

    private static final String PREFIX = "dev.ipcchannel.";

    private Flights() {}

    /// Starts to record every event of the library, those of messages as well; of waits, the long
    /// ones.
    public static Recording start() {
        Recording recording = new Recording();
        recording.enable(PREFIX + "MessageSent");
        recording.enable(PREFIX + "MessageReceived");
        recording.start();
        return recording;
    }

    /// Starts to record every event of the library, and every wait of any length.
    public static Recording startWithShortWaits() {
        Recording recording = start();
        recording.enable(PREFIX + "LongBlock").withThreshold(Duration.ZERO);
        return recording;
    }

    /// Ends a recording and gives its events of one kind in order.
    public static List<RecordedEvent> dump(Recording recording, Path file, String name)
            throws IOException {
        recording.stop();
        recording.dump(file);
        return events(file, name);
    }

    /// The library's events of one kind in a file, in order.
    public static List<RecordedEvent> events(Path file, String name) throws IOException {
        return RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().equals(PREFIX + name)).toList();
    }
}
