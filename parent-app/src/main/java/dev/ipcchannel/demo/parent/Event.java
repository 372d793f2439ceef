package dev.ipcchannel.demo.parent;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Something that happened, reported to the user as text or, component by component, as JSON.
sealed interface Event {

    /// The event as text; null if only JSON reports it.
    @Nullable
    String text();

    /// The start of this program.
    record ParentStarted() implements Event {
        @Override
        public String text() {
            return "Parent process started";
        }
    }

    /// The opening of the server, to which a child can connect.
    ///
    /// @param name the server's name, for the child
    record ServerOpened(String name) implements Event {
        @Override
        public String text() {
            return "One Shot Server name - Parent: " + name;
        }
    }

    /// The start of the child.
    record ChildStarted(long pid) implements Event {
        @Override
        public String text() {
            return "Child process ID: " + pid;
        }
    }

    /// The request to the user to start a child.
    ///
    /// @param command the shell command for that
    /// @param seconds the time that this program waits
    record ChildAwaited(String command, double seconds) implements Event {
        @Override
        public String text() {
            String wait = BigDecimal.valueOf(seconds).stripTrailingZeros().toPlainString();
            return "Start the child in another terminal within " + wait + " s:\n" + command;
        }
    }

    /// A line of the child's standard output.
    record ChildSaid(String line) implements Event {
        @Override
        public String text() {
            return Printable.of(line);
        }
    }

    /// The begin of reading standard input.
    record TypingAwaited() implements Event {
        @Override
        public String text() {
            return "Type messages, one a line; \"quit\" or the end of input ends.";
        }
    }

    /// A message from the channel.
    record Replied(String reply) implements Event {
        @Override
        public String text() {
            return "Received from child: " + Printable.of(reply);
        }
    }

    /// A stream whose messages are all sent and answered.
    ///
    /// @param count how many messages were streamed
    /// @param size bytes of each
    /// @param messagesPerSecond the rate of messages, each with its reply; null for less than
    /// [#FEW]
    /// @param roundTrip the time of one message and its reply when nothing else is on its way
    record Streamed(int count, int size, @Nullable Long messagesPerSecond, RoundTrip roundTrip)
            implements Event {

        static final int FEW = 1000; // fewer have no rate, but the time of a start

        private static final String COMPARISON = "These are strings, sent by JVMs that have just"
                + " started and that sleep while they wait;\nREADME's round trip is of bytes in"
                + " place, between JVMs that are warm and never sleep.";

        @Override
        public String text() {
            String rate = messagesPerSecond == null ? ""
                    : ": " + messagesPerSecond + " messages/s";
            return String.format(Locale.ROOT, "Streamed %d messages of %d bytes, each answered%s",
                    count, size, rate) + "\n" + roundTrip.text() + "\n" + COMPARISON;
        }
    }

    /// Round trips, one after another, in microseconds.
    ///
    /// @param count how many were measured
    record RoundTrip(int count, double p50, double p90, double p99, double max) {
        private String text() {
            if (count < Streamed.FEW) {
                return String.format(Locale.ROOT,
                        "Round trip, %d one by one: p50 %.1f us, max %.1f us", count, p50, max);
            }
            return String.format(Locale.ROOT,
                    "Round trip, %d one by one: p50 %.1f us, p90 %.1f us, p99 %.1f us, max %.1f us",
                    count, p50, p90, p99, max);
        }
    }

    /// The end of the child.
    ///
    /// @param exitCode 128 + n after signal n
    /// @param lines its standard output
    record ChildEnded(int exitCode, List<String> lines) implements Event {
        @Override
        public String text() {
            return "--------------------- stdout: "
                    + String.join("\n", Printable.of(lines))
                    + "\n-----------------------------------------";
        }
    }

    /// The failure of the run; as text it goes to standard error.
    record Failed(int exitCode, String message) implements Event {
        @Override
        public @Nullable String text() {
            return null;
        }
    }
}
