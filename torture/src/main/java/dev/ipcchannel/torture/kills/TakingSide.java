package dev.ipcchannel.torture.kills;

import dev.ipcchannel.Disconnected;
import dev.ipcchannel.OpaqueReceiver;
import dev.ipcchannel.Receiver;
import dev.ipcchannel.Sender;
import dev.ipcchannel.torture.Numbered;
import dev.ipcchannel.torture.Numbered.Block;
import dev.ipcchannel.torture.Numbered.Parcel;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// The receiving side of one line: it receives until the sender's process is gone and all that the
/// sender committed has come, and checks that each message is the next one, whole.
final class TakingSide implements Runnable {

    private static final int AT_ONCE = 16; // messages handled in place in one call
    private static final int MOST_LETTERS = 3;

    private final Line line;
    private final OpaqueReceiver end;
    private final Board.Slot slot;
    private long taken;

    TakingSide(Line line, OpaqueReceiver end, Board.Slot slot) {
        this.line = line;
        this.end = end;
        this.slot = slot;
    }

    /// The number of letters in a parcel's receiver when it is sent.
    static long lettersIn(long number) {
        return 1 + number % MOST_LETTERS;
    }

    @Override
    public void run() {
        try {
            switch (line) {
                case ENDS -> takeParcels();
                case SHARED -> takeBlocks();
                default -> takeMessages();
            }
        } catch (Disconnected _) {
            // The sender has gone: the purpose of the trial.
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    private void takeMessages() throws InterruptedException {
        try (Receiver<byte[]> receiver = end.as(byte[].class)) {
            if (line.isFull()) {
                slot.enter(State.BETWEEN);
                awaitDeath(receiver);
            }
            while (true) {
                slot.enter(State.IN_CALL);
                if (line == Line.CLAIM) {
                    receiver.receive((memory, offset, length) -> check(
                            memory.asSlice(offset, length).asByteBuffer()), AT_ONCE);
                } else {
                    byte[] message = receiver.receive();
                    slot.enter(State.BETWEEN);
                    check(ByteBuffer.wrap(message));
                }
            }
        }
    }

    private static void awaitDeath(Receiver<?> receiver) throws InterruptedException {
        CountDownLatch gone = new CountDownLatch(1);
        receiver.onDisconnect(gone::countDown);
        if (!gone.await(Kills.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException("onDisconnect of a receiver did not run");
        }
    }

    private void check(ByteBuffer message) {
        check(taken, message);
        taken++;
        slot.done(taken);
    }

    private void check(long number, ByteBuffer message) {
        String wrongs = Numbered.wrongs(number, line.longest(), message);
        if (!wrongs.isEmpty()) {
            slot.wrong();
            throw new IllegalStateException(wrongs);
        }
    }

    private void takeBlocks() throws InterruptedException {
        try (Receiver<Block> receiver = end.as(Block.class)) {
            while (true) {
                slot.enter(State.IN_CALL);
                Block block = receiver.receive();
                slot.enter(State.BETWEEN);
                check(ByteBuffer.wrap(block.bytes().take()));
            }
        }
    }

    private void takeParcels() throws InterruptedException {
        try (Receiver<Parcel> receiver = end.as(Parcel.class)) {
            while (true) {
                slot.enter(State.IN_CALL);
                Parcel parcel = receiver.receive();
                slot.enter(State.BETWEEN);
                open(parcel);
                taken++;
                slot.done(taken);
            }
        }
    }

    private void open(Parcel parcel) throws InterruptedException {
        try (Receiver<byte[]> letters = parcel.letters(); Sender<byte[]> back = parcel.back()) {
            if (parcel.number() != taken) {
                slot.wrong();
                throw new IllegalStateException("parcel %d was due, and %d came".formatted(taken,
                        parcel.number()));
            }
            // Letters sent before the receiver moved are committed: they come, whichever process
            // has died.
            for (long letter = 0; letter < lettersIn(taken); letter++) {
                takeLetter(letters, letter);
            }
            sendBack(back);
            takeLast(letters);
        }
    }

    private void takeLetter(Receiver<byte[]> letters, long letter) throws InterruptedException {
        try {
            check(letter, ByteBuffer.wrap(letters.receive(Kills.PATIENCE)));
        } catch (Disconnected early) {
            slot.wrong();
            throw new IllegalStateException("letter %d of parcel %d was committed and is lost"
                    .formatted(letter, taken), early);
        }
    }

    private void sendBack(Sender<byte[]> back) throws InterruptedException {
        try {
            back.send(Numbered.message(taken, line.longest()), Kills.PATIENCE);
        } catch (Disconnected _) {
            // No thread waits for the answer any more; the parcels' own channel reports that.
        }
    }

    /// Takes the letter that was sent after the receiver had moved. There is none if its sender was
    /// killed before.
    private void takeLast(Receiver<byte[]> letters) throws InterruptedException {
        try {
            check(lettersIn(taken), ByteBuffer.wrap(letters.receive(Kills.PATIENCE)));
            byte[] more = letters.receive(Kills.PATIENCE);
            slot.wrong();
            throw new IllegalStateException(
                    "a letter came that was never sent: length=" + more.length);
        } catch (Disconnected _) {
            // All have come.
        }
    }
}
