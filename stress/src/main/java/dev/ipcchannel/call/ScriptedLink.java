package dev.ipcchannel.call;

import dev.ipcchannel.EndClosed;
import dev.ipcchannel.EndStats;
import dev.ipcchannel.Link;
import dev.ipcchannel.SendOutcome;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A link that has received some requests before its close, and that has no room for replies: a
/// thread that waits for room is interrupted. It counts the dropped requests.
final class ScriptedLink implements Link<Reply<String>, Request<String>> {

    private final List<Request<String>> requests;
    private final AtomicInteger looks = new AtomicInteger();
    private final AtomicInteger dropped = new AtomicInteger();

    ScriptedLink(List<Request<String>> requests) {
        this.requests = requests;
    }

    int received() {
        return Math.min(looks.get(), requests.size());
    }

    int dropped() {
        return dropped.get();
    }

    @Override
    public @Nullable Request<String> tryReceive() {
        int next = looks.getAndIncrement();
        return next < requests.size() ? requests.get(next) : null;
    }

    @Override
    public Request<String> receive() {
        Request<String> request = tryReceive();
        if (request == null) {
            throw new EndClosed("this link is closed");
        }
        return request;
    }

    @Override
    public Request<String> receive(Duration timeout) {
        return receive();
    }

    @Override
    public void drop(Request<String> message) {
        dropped.incrementAndGet();
    }

    @Override
    public void send(Reply<String> message) throws InterruptedException {
        throw new InterruptedException("while it waited for room");
    }

    @Override
    public void send(Reply<String> message, Duration timeout) throws InterruptedException {
        send(message);
    }

    @Override
    public SendOutcome trySend(Reply<String> message) {
        return SendOutcome.FULL;
    }

    @Override
    public void onDisconnect(Runnable action) {
        throw new AssertionError("a responder looks for that when it receives");
    }

    @Override
    public int maxMessage() {
        return Integer.MAX_VALUE;
    }

    @Override
    public EndStats outStats() {
        throw new AssertionError("nothing is counted");
    }

    @Override
    public EndStats inStats() {
        throw new AssertionError("nothing is counted");
    }

    @Override
    public Link<Reply<String>, Request<String>> ownedBy(String owner) {
        return this;
    }

    @Override
    public void close() {}
}
