package dev.ipcchannel.testing;

import dev.ipcchannel.MessageHandler;
import dev.ipcchannel.Receiver;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The ways to receive a text, interchangeable in a test: each waits for the next text and returns
/// it.
public enum ReceivingVerb {
    /// Waits.
    RECEIVE {
        @Override
        public String from(Receiver<String> receiver) throws InterruptedException {
            return receiver.receive();
        }
    },
    /// Waits, with a timeout.
    RECEIVE_IN_TIME {
        @Override
        public String from(Receiver<String> receiver) throws InterruptedException {
            return receiver.receive(Children.PATIENCE);
        }
    },
    /// Tries until there is a text.
    TRY_RECEIVE {
        @Override
        public String from(Receiver<String> receiver) {
            String received = receiver.tryReceive();
            while (received == null) {
                Thread.onSpinWait();
                received = receiver.tryReceive();
            }
            return received;
        }
    },
    /// Waits and reads in place.
    IN_PLACE {
        @Override
        public String from(Receiver<String> receiver) throws InterruptedException {
            List<String> read = new ArrayList<>();
            receiver.receive(reader(read), 1);
            return read.getFirst();
        }
    },
    /// Waits, with a timeout, and reads in place.
    IN_PLACE_IN_TIME {
        @Override
        public String from(Receiver<String> receiver) throws InterruptedException {
            List<String> read = new ArrayList<>();
            receiver.receive(reader(read), 1, Children.PATIENCE);
            return read.getFirst();
        }
    },
    /// Tries until there is a text, and reads in place.
    TRY_IN_PLACE {
        @Override
        public String from(Receiver<String> receiver) {
            List<String> read = new ArrayList<>();
            while (receiver.tryReceive(reader(read), 1) == 0) {
                Thread.onSpinWait();
            }
            return read.getFirst();
        }
    };

    /// Receives the next text.
    public abstract String from(Receiver<String> receiver) throws InterruptedException;

    /// A handler that adds the texts it reads to `texts`.
    public static MessageHandler reader(List<String> texts) {
        return (memory, offset, length) -> texts.add(new String(memory.asSlice(offset, length)
                .toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8));
    }
}
