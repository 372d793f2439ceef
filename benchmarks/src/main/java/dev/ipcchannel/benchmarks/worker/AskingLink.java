package dev.ipcchannel.benchmarks.worker;

import dev.ipcchannel.CallFailed;
import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.Duplex;
import dev.ipcchannel.OneShotServer;
import dev.ipcchannel.Sender;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.call.Caller;
import dev.ipcchannel.call.Reply;
import dev.ipcchannel.call.Request;
import dev.ipcchannel.call.Responder;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// Ours, calls with a [Reading] as question and as answer: the leader calls, or has [#IN_FLIGHT]
/// calls open at once; the follower answers on its own thread, for a whole slice at once.
final class AskingLink implements Link {

    /// Calls that a stream has open at once.
    private static final int IN_FLIGHT = 1000;

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final TypeToken<Reading> READING = TypeToken.of(Reading.class);

    /// The ends that the follower hands over.
    record Calls(Duplex<Request<Reading>, Reply<Reading>> ends) {}

    private final ChannelOptions options;
    private final String address;
    private final @Nullable OneShotServer<Calls> server; // of the leader
    private final Reading[] readings = Reading.all();
    private final Reading stop = Reading.of(Reading.STOP);
    @SuppressWarnings("unchecked") // an array of a generic type
    private final @Nullable CompletableFuture<Reading>[] open =
            (@Nullable CompletableFuture<Reading>[]) new CompletableFuture<?>[IN_FLIGHT];
    private @Nullable Caller<Reading, Reading> caller; // of the leader
    private @Nullable Responder<Reading, Reading> responder; // of the follower
    private int expected; // by the follower
    private boolean isStopped;

    /// @param address the server's name for the follower, empty for the leader
    AskingLink(ChannelOptions options, String address) {
        this.options = options;
        this.server = address.isEmpty() ? OneShotServer.open(Calls.class) : null;
        this.address = server == null ? address : server.name();
    }

    @Override
    public String address() {
        return address;
    }

    @Override
    public void open() throws InterruptedException {
        if (server != null) {
            caller = new Caller<>(server.accept(PATIENCE).ends());
            return;
        }
        Responder.Pair<Reading, Reading> pair = Responder.create(READING, READING, options);
        responder = pair.near();
        try (Sender<Calls> leader = OneShotServer.connect(address, Calls.class)) {
            leader.send(new Calls(pair.far()));
        }
    }

    @Override
    public void restart() {
        expected = 0;
        isStopped = false;
    }

    @Override
    public void exchange(long sequence) throws InterruptedException {
        Reading question = reading(sequence);
        caller().call(question).check(question);
    }

    @Override
    public void send(long sequence) throws InterruptedException {
        int slot = (int) (sequence % IN_FLIGHT);
        await(slot, sequence - IN_FLIGHT);
        open[slot] = caller().send(reading(sequence));
    }

    private void await(int slot, long sequence) {
        CompletableFuture<Reading> asked = open[slot];
        if (asked != null) {
            Reading answer = asked.join();
            if (sequence >= 0) { // else it is left from the slice before
                answer.check(reading(sequence));
            }
            open[slot] = null;
        }
    }

    private Reading reading(long sequence) {
        return readings[(int) (sequence % Reading.PERIOD)];
    }

    @Override
    public void answer() {
        try {
            responder().serve((question, _) -> {
                if (question.id() == Reading.STOP) {
                    throw new InterruptedException("the slice is over");
                }
                question.check(readings[expected]);
                expected = expected + 1 == Reading.PERIOD ? 0 : expected + 1;
                return question;
            });
        } catch (InterruptedException _) { // by the handler: the way to end it
            isStopped = true;
        }
    }

    @Override
    public int drain() {
        answer();
        return 1;
    }

    @Override
    public void stop() throws InterruptedException {
        for (int slot = 0; slot < IN_FLIGHT; slot++) {
            await(slot, -1);
        }
        try {
            Reading answer = caller().call(stop);
            throw new IllegalStateException("the end of a slice was answered: " + answer);
        } catch (CallFailed end) {
            if (!end.remoteType().equals(InterruptedException.class.getName())) {
                throw end;
            }
        }
    }

    @Override
    public boolean isStopped() {
        return isStopped;
    }

    private Caller<Reading, Reading> caller() {
        if (caller == null) {
            throw new IllegalStateException("this link is not open, or the follower's");
        }
        return caller;
    }

    private Responder<Reading, Reading> responder() {
        if (responder == null) {
            throw new IllegalStateException("this link is not open, or the leader's");
        }
        return responder;
    }

    @Override
    public void close() {
        if (caller != null) {
            caller.close();
        }
        if (responder != null) {
            responder.close();
        }
        if (server != null) {
            server.close();
        }
    }
}
