package dev.ipcchannel.internal.ring;

import dev.ipcchannel.internal.ring.ModelRequest.Outcome;
import dev.ipcchannel.internal.ring.ModelScenario.Habit;

/// The writing process of the model: the real [RingWriter], used as Outbox and OutboundLane use it.
///
/// It never spins, and learns of a death only from its own socket: what holds without these helps
/// holds with them.
final class ModelWriter {

    private final ModelScenario scenario;
    private final ModelView view;
    private final RingWriter ring;
    private boolean isReaderGone;

    ModelWriter(ModelScenario scenario, ModelView view) {
        this.scenario = scenario;
        this.view = view;
        this.ring = new RingWriter(view, scenario.capacity(), scenario.firstPosition());
    }

    /// Sends every message, each filled with its number from 1 on.
    void run() {
        int number = 0;
        for (int length : scenario.payloadLengths()) {
            number++;
            send(number, length);
        }
        boolean closes = scenario.has(Habit.WRITER_CLOSES);
        if (isReaderGone || closes) {
            ring.close();
            view.shutdown();
        }
        view.stop(isReaderGone ? Outcome.PEER_GONE : closes ? Outcome.CLOSED : Outcome.IDLE);
    }

    private void send(int number, int length) {
        boolean isTired = false;
        while (!isTired && !isReaderGone()) {
            if (ring.claim(length) != RingWriter.FULL) {
                commit(number, length);
                return;
            }
            isTired = !awaitRoom(length);
        }
    }

    private boolean isReaderGone() {
        isReaderGone = isReaderGone || ring.isReaderClosed();
        return isReaderGone;
    }

    private void commit(int number, int length) {
        ring.copyIn(0, payload(number, length), length);
        boolean isTooEarly = scenario.is(ModelMutant.BELL_BEFORE_COMMIT);
        long earlySleep = isTooEarly ? ring.readerToWake() : 0;
        ring.commit(0, 0);
        view.countMessage();
        long sleep = isTooEarly
                ? earlySleep
                : view.withoutFenceIn(ModelMutant.NO_FENCE_AFTER_COMMIT, ring::readerToWake);
        if (sleep != 0) {
            ring.rung(sleep);
            isReaderGone = !view.ringBell();
        }
    }

    /// @return false at a timeout
    private boolean awaitRoom(int length) {
        boolean isFull = view.withoutFenceIn(ModelMutant.NO_FENCE_BEFORE_WRITER_SLEEPS,
                () -> ring.arm(length));
        boolean isBlind = scenario.is(ModelMutant.WRITER_WITHOUT_SECOND_LOOK);
        boolean isSleeping = (isFull || isBlind) && !ring.isReaderClosed();
        boolean isReady = isSleeping && view.await();
        ring.disarm();
        if (isReady) {
            isReaderGone = view.drain();
        }
        return isReady || !isSleeping;
    }

    private static byte[] payload(int number, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i += Long.BYTES) {
            bytes[i] = (byte) number;
        }
        return bytes;
    }
}
