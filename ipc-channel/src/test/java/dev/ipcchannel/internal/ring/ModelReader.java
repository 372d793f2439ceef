package dev.ipcchannel.internal.ring;

import dev.ipcchannel.internal.ring.ModelRequest.Outcome;
import dev.ipcchannel.internal.ring.ModelScenario.Habit;

/// The reading process of the model: the real [RingReader], used as Inbox and InboundLane use it,
/// and a check that each message is the next one, and whole.
///
/// It never spins, and learns of a death only from its own socket: what holds without these helps
/// holds with them.
final class ModelReader {

    private final ModelScenario scenario;
    private final ModelView view;
    private RingReader ring;
    private int read;
    private int lastNumber;
    private boolean hasSocketEnded;

    ModelReader(ModelScenario scenario, ModelView view) {
        this.scenario = scenario;
        this.view = view;
        this.ring = new RingReader(view, scenario.capacity(), scenario.firstPosition());
    }

    /// Reads until its limit, or until nothing more can come.
    void run() {
        boolean isEnded = false;
        while (read < scenario.readerLimit() && !isEnded) {
            if (ring.poll()) {
                receive();
            } else if (isEnded()) {
                isEnded = true;
            } else {
                sleep();
            }
        }
        publish();
        boolean closes = scenario.has(Habit.READER_CLOSES);
        if (isEnded || closes) {
            ring.close();
            view.shutdown();
        }
        view.stop(isEnded ? Outcome.PEER_GONE : closes ? Outcome.CLOSED : Outcome.IDLE);
    }

    private void receive() {
        long index = ring.payloadIndex();
        byte[] payload = new byte[ring.payloadLength()];
        if (scenario.is(ModelMutant.PUBLISH_BEFORE_COPY)) {
            ring.consume();
            publish();
            view.copyOut(index, payload, 0, payload.length);
        } else {
            ring.copyOut(payload, 0);
            ring.consume();
        }
        check(payload);
        if (!scenario.has(Habit.READER_BATCHES) || ring.isWriterAsleep()) {
            publish();
        }
        if (scenario.has(Habit.READER_MOVES) && read == 1) {
            publish();
            ring = new RingReader(view, scenario.capacity(), ring.position());
        }
    }

    private void check(byte[] payload) {
        int number = payload[0];
        view.check(number > 0, "a record that is not whole");
        view.check(number > lastNumber && number <= scenario.payloadLengths().size(),
                "a record that is not the next");
        view.check(payload.length == scenario.payloadLengths().get(number - 1),
                "a record of another length");
        lastNumber = number;
        read++;
        view.countMessage();
    }

    private void publish() {
        if (ring.unpublished() == 0) {
            return;
        }
        boolean isTooEarly = scenario.is(ModelMutant.BELL_BEFORE_PUBLISH);
        long earlySleep = isTooEarly ? ring.writerToWake() : 0;
        ring.publish();
        long sleep = isTooEarly
                ? earlySleep
                : view.withoutFenceIn(ModelMutant.NO_FENCE_AFTER_PUBLISH, ring::writerToWake);
        if (sleep != 0) {
            ring.rung(sleep);
            view.ringBell(); // a writer that is gone needs no space
        }
    }

    private boolean isEnded() {
        boolean isClosed = scenario.is(ModelMutant.EMPTY_BEFORE_CLOSED)
                ? ring.isEmpty() && ring.isWriterClosed()
                : ring.isEnded();
        return isClosed || (hasSocketEnded && ring.isEmpty());
    }

    private void sleep() {
        publish();
        boolean isEmpty = view.withoutFenceIn(ModelMutant.NO_FENCE_BEFORE_READER_SLEEPS, ring::arm);
        boolean isBlind = scenario.is(ModelMutant.READER_WITHOUT_SECOND_LOOK);
        boolean isReady = (isEmpty || isBlind) && !isEnded() && view.await();
        ring.disarm();
        if (isReady) {
            hasSocketEnded = view.drain();
        }
    }
}
