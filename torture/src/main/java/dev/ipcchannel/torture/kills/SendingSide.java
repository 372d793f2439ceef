package dev.ipcchannel.torture.kills;

import dev.ipcchannel.Channel;
import dev.ipcchannel.Claim;
import dev.ipcchannel.Disconnected;
import dev.ipcchannel.OpaqueSender;
import dev.ipcchannel.Receiver;
import dev.ipcchannel.Sender;
import dev.ipcchannel.SharedBytes;
import dev.ipcchannel.torture.Numbered;
import dev.ipcchannel.torture.Numbered.Block;
import dev.ipcchannel.torture.Numbered.Parcel;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// The sending side of one line: it sends numbered messages until the receiver's process is gone.
final class SendingSide implements Runnable {

    private static final int GIVEN_UP = 3; // each third claim
    private static final int LINGERING = 64; // each of so many claims stays open for a while
    private static final long LINGER_NANOS = 1_000_000;

    private final Line line;
    private final OpaqueSender end;
    private final Board.Slot slot;
    private @Nullable Receiver<byte[]> awaited; // the answer to the last parcel

    SendingSide(Line line, OpaqueSender end, Board.Slot slot) {
        this.line = line;
        this.end = end;
        this.slot = slot;
    }

    @Override
    public void run() {
        try {
            switch (line) {
                case ENDS -> sendParcels();
                case SHARED -> sendBlocks();
                default -> sendMessages();
            }
        } catch (Disconnected _) {
            // The receiver has gone: the purpose of the trial.
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    private void sendMessages() throws InterruptedException {
        try (Sender<byte[]> sender = end.as(byte[].class)) {
            for (long number = 0;; number++) {
                if (number == line.most()) {
                    awaitDeath(sender);
                }
                slot.attempt(number + 1);
                if (line == Line.CLAIM) {
                    claim(sender, number);
                } else {
                    byte[] message = Numbered.message(number, line.longest());
                    slot.enter(State.IN_CALL);
                    sender.send(message);
                }
                slot.enter(State.BETWEEN);
                slot.done(number + 1);
            }
        }
    }

    private static void awaitDeath(Sender<?> sender) throws InterruptedException {
        CountDownLatch gone = new CountDownLatch(1);
        sender.onDisconnect(gone::countDown);
        if (!gone.await(Kills.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException("onDisconnect of a sender did not run");
        }
    }

    private void claim(Sender<byte[]> sender, long number) throws InterruptedException {
        int length = Numbered.length(number, line.longest());
        if (number % GIVEN_UP == 0) {
            try (Claim claim = sender.claim(length)) {
                Numbered.write(number + 1, claim.payload().asByteBuffer()); // never to be seen
            }
        }
        try (Claim claim = sender.claim(length)) {
            slot.enter(State.CLAIM_OPEN);
            Numbered.write(number, claim.payload().asByteBuffer());
            if (number % LINGERING == 0) {
                LockSupport.parkNanos(LINGER_NANOS);
            }
            claim.commit();
        }
    }

    private void sendBlocks() throws InterruptedException {
        try (Sender<Block> sender = end.as(Block.class)) {
            for (long number = 0;; number++) {
                try (SharedBytes bytes =
                        SharedBytes.of(Numbered.message(number, line.longest()))) {
                    slot.attempt(number + 1);
                    slot.enter(State.IN_CALL);
                    sender.send(new Block(number, bytes));
                    slot.enter(State.BETWEEN);
                    slot.done(number + 1);
                }
            }
        }
    }

    private void sendParcels() throws InterruptedException {
        try (Sender<Parcel> sender = end.as(Parcel.class)) {
            for (long number = 0;; number++) {
                sendParcel(sender, number);
                slot.done(number + 1);
            }
        } finally {
            if (awaited != null) {
                awaited.close();
            }
        }
    }

    /// Sends a receiver with messages in it, and one more message after it. Then waits for the
    /// answer to the previous parcel, which comes through the sender in that parcel.
    private void sendParcel(Sender<Parcel> parcels, long number) throws InterruptedException {
        Receiver<byte[]> before = awaited;
        Channel<byte[]> answers = Channel.create(byte[].class);
        awaited = answers.receiver();
        // Both closes do nothing to an end that has moved.
        try (Channel<byte[]> letters = Channel.create(byte[].class);
                Sender<byte[]> back = answers.sender()) {
            for (long letter = 0; letter < TakingSide.lettersIn(number); letter++) {
                letters.sender().send(Numbered.message(letter, line.longest()));
            }
            slot.attempt(number + 1);
            slot.enter(State.IN_CALL);
            parcels.send(new Parcel(number, letters.receiver(), back));
            slot.enter(State.BETWEEN);
            if (before != null) {
                checkAnswer(before, number - 1);
            }
            letters.sender().send(
                    Numbered.message(TakingSide.lettersIn(number), line.longest()));
        } finally {
            if (before != null) {
                before.close();
            }
        }
    }

    private void checkAnswer(Receiver<byte[]> answers, long number) throws InterruptedException {
        String wrongs = Numbered.wrongs(number, line.longest(),
                ByteBuffer.wrap(answers.receive(Kills.PATIENCE)));
        if (!wrongs.isEmpty()) {
            slot.wrong();
            throw new IllegalStateException("an answer through a moved sender: " + wrongs);
        }
    }
}
