package dev.ipcchannel.testing;

import dev.ipcchannel.Claim;
import dev.ipcchannel.SendOutcome;
import dev.ipcchannel.Sender;
import dev.ipcchannel.TimedOut;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The ways to send a text, interchangeable in a test.
public enum SendingVerb {
    /// Waits.
    SEND(true) {
        @Override
        public boolean send(Sender<String> sender, String text, Duration timeout)
                throws InterruptedException {
            sender.send(text);
            return true;
        }
    },
    /// Waits, with a timeout.
    SEND_IN_TIME(true) {
        @Override
        public boolean send(Sender<String> sender, String text, Duration timeout)
                throws InterruptedException {
            try {
                sender.send(text, timeout);
                return true;
            } catch (TimedOut _) {
                return false;
            }
        }
    },
    /// Tries once.
    TRY_SEND(false) {
        @Override
        public boolean send(Sender<String> sender, String text, Duration timeout) {
            return sender.trySend(text) == SendOutcome.SENT;
        }
    },
    /// Waits and writes in place.
    CLAIM(true) {
        @Override
        public boolean send(Sender<String> sender, String text, Duration timeout)
                throws InterruptedException {
            return commit(sender.claim(bytes(text).length), text);
        }
    },
    /// Waits, with a timeout, and writes in place.
    CLAIM_IN_TIME(true) {
        @Override
        public boolean send(Sender<String> sender, String text, Duration timeout)
                throws InterruptedException {
            try {
                return commit(sender.claim(bytes(text).length, timeout), text);
            } catch (TimedOut _) {
                return false;
            }
        }
    },
    /// Tries once, and writes in place.
    TRY_CLAIM(false) {
        @Override
        public boolean send(Sender<String> sender, String text, Duration timeout) {
            return commit(sender.tryClaim(bytes(text).length), text);
        }
    };

    private final boolean waits;

    SendingVerb(boolean waits) {
        this.waits = waits;
    }

    /// The ways that wait for room.
    public static Stream<SendingVerb> waiting() {
        return Stream.of(values()).filter(verb -> verb.waits);
    }

    /// Sends a text.
    ///
    /// @param timeout used if the way has one
    /// @return false if there was no room, or not in time
    public abstract boolean send(Sender<String> sender, String text, Duration timeout)
            throws InterruptedException;

    private static boolean commit(@Nullable Claim opened, String text) {
        if (opened == null) {
            return false;
        }
        try (Claim claim = opened) {
            claim.payload().copyFrom(MemorySegment.ofArray(bytes(text)));
            claim.commit();
            return true;
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
