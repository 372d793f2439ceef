package dev.ipcchannel.internal.ring;

import dev.ipcchannel.internal.ring.ModelRequest.Outcome;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The shared memory and the socket, as the script of one process sees them: past answers are given
/// again, and at the first question without an answer an exception leaves the script.
///
/// Payloads are whole words, and each word is the message's number.
final class ModelView implements Memory {

    /// The exception that leaves a script. A script is never continued from there, only run again
    /// from its start.
    static final class Paused extends RuntimeException {

        private Paused() {
            super("the answer is not known yet", null, false, false);
        }
    }

    private final ModelScenario scenario;
    private final long[] answers;
    private int asked;
    private int progress;
    private boolean isFencing = true;
    private @Nullable ModelRequest request;

    ModelView(ModelScenario scenario, long[] answers) {
        this.scenario = scenario;
        this.answers = answers;
    }

    @Override
    public long loadAcquire(long offset) {
        return ask(new ModelRequest.Load(offset));
    }

    @Override
    public void storePlain(long offset, long value) {
        ask(new ModelRequest.Store(offset, 1, value, false));
    }

    @Override
    public void storeRelease(long offset, long value) {
        boolean isCommit = offset < scenario.capacity();
        boolean isRelease = !(isCommit && scenario.is(ModelMutant.COMMIT_WITHOUT_RELEASE));
        ask(new ModelRequest.Store(offset, 1, value, isRelease));
    }

    @Override
    public void fullFence() {
        if (isFencing) {
            ask(new ModelRequest.Fence());
        }
    }

    @Override
    public void copyIn(byte[] source, int start, long offset, int length) {
        long word = littleEndian(source, start, length).getLong();
        ask(new ModelRequest.Store(offset, length / Long.BYTES, word, false));
    }

    @Override
    public void copyOut(long offset, byte[] target, int start, int length) {
        long word = ask(new ModelRequest.CopyOut(offset, length / Long.BYTES));
        ByteBuffer bytes = littleEndian(target, start, length);
        while (bytes.hasRemaining()) {
            bytes.putLong(word);
        }
    }

    /// Calls the ring, in that mutant without its fence.
    long withoutFenceIn(ModelMutant mutant, LongSupplier call) {
        isFencing = !scenario.is(mutant);
        long answer = call.getAsLong();
        isFencing = true;
        return answer;
    }

    /// The same for a call that answers yes or no.
    boolean withoutFenceIn(ModelMutant mutant, BooleanSupplier call) {
        return withoutFenceIn(mutant, () -> call.getAsBoolean() ? 1 : 0) != 0;
    }

    /// Sends a bell.
    ///
    /// @return whether the peer is still there
    boolean ringBell() {
        return ask(new ModelRequest.Bell()) != ModelRequest.END;
    }

    /// Sleeps until the socket has something.
    ///
    /// @return whether it has; otherwise a timeout has ended the wait
    boolean await() {
        return ask(new ModelRequest.Await()) != ModelRequest.NOTHING;
    }

    /// Takes all bells off the socket.
    ///
    /// @return whether the peer's end came after them
    boolean drain() {
        long received = ModelRequest.PACKET;
        while (received == ModelRequest.PACKET) {
            received = ask(new ModelRequest.Receive());
        }
        return received == ModelRequest.END;
    }

    void shutdown() {
        ask(new ModelRequest.Shutdown());
    }

    /// Counts a message as committed or read.
    void countMessage() {
        progress++;
    }

    void stop(Outcome outcome) {
        ask(new ModelRequest.Stop(outcome));
    }

    void check(boolean holds, String alarm) {
        if (!holds) {
            ask(new ModelRequest.Alarm(alarm));
        }
    }

    /// The question that has no answer yet. Before [Paused] there is none.
    ModelRequest request() {
        return Objects.requireNonNull(request);
    }

    int progress() {
        return progress;
    }

    private long ask(ModelRequest question) {
        if (asked == answers.length) {
            request = question;
            throw new Paused();
        }
        return answers[asked++];
    }

    private static ByteBuffer littleEndian(byte[] array, int start, int length) {
        return ByteBuffer.wrap(array, start, length).order(ByteOrder.LITTLE_ENDIAN);
    }
}
