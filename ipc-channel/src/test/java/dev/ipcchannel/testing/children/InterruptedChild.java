package dev.ipcchannel.testing.children;

import dev.ipcchannel.Channel;
import dev.ipcchannel.Disconnected;
import dev.ipcchannel.OneShotServer;
import dev.ipcchannel.Sender;
import dev.ipcchannel.SharedBytes;
import dev.ipcchannel.select.ReceiverEvent;
import dev.ipcchannel.select.ReceiverSet;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/// A child that makes every kind of native call there is, waits included, some of them again and
/// again: under a tracer that lets each of them fail as if a signal had come.
public final class InterruptedChild {

    /// Its last line.
    public static final String DONE = "done";

    private static final int ROUNDS = 10;
    private static final int LONG_MESSAGE = 4 << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(20);

    private InterruptedChild() {}

    public static void main(String[] arguments) throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            meet();
            send();
            select();
            share();
        }
        System.out.println(DONE);
    }

    /// Listens and connects, and moves ends.
    private static void meet() throws Exception {
        try (OneShotServer<Talk> server = OneShotServer.open(Talk.class)) {
            Channel<String> there = Channel.create(String.class);
            Channel<String> back = Channel.create(String.class);
            try (Sender<Talk> parent = OneShotServer.connect(server.name(), Talk.class)) {
                parent.send(new Talk(there.sender(), back.receiver()));
            }
            Talk talk = server.accept(PATIENCE);
            try (there; back; var _ = talk.toChild(); var _ = talk.fromChild()) {
                talk.toChild().send("hello");
                back.sender().send(there.receiver().receive());
                check(talk.fromChild().receive().equals("hello"));
            }
        }
    }

    /// Sleeps on either side, as a platform and as a virtual thread.
    private static void send() throws Exception {
        for (Thread.Builder kind : List.of(Thread.ofPlatform(), Thread.ofVirtual())) {
            try (Channel<byte[]> channel = Channel.create(byte[].class)) {
                FutureTask<Integer> receiving = started(kind, () -> {
                    int count = 0;
                    try {
                        while (true) {
                            check(channel.receiver().receive().length == LONG_MESSAGE);
                            count++;
                        }
                    } catch (Disconnected _) {
                        return count;
                    }
                });
                for (int i = 0; i < ROUNDS; i++) {
                    channel.sender().send(new byte[LONG_MESSAGE]);
                }
                channel.sender().close();
                check(receiving.get() == ROUNDS);
            }
        }
    }

    private static <T> FutureTask<T> started(Thread.Builder kind, Callable<T> task) {
        FutureTask<T> future = new FutureTask<>(task);
        kind.start(future);
        return future;
    }

    private static void select() throws InterruptedException {
        try (ReceiverSet<Integer> set = ReceiverSet.open();
                Channel<Integer> channel = Channel.create(Integer.class)) {
            set.add(channel.receiver());
            check(set.select(SHORT).isEmpty());
            channel.sender().send(1);
            check(set.select().equals(
                    List.of(new ReceiverEvent.Message<>(channel.receiver(), 1))));
        }
    }

    private static void share() throws InterruptedException {
        try (Channel<SharedBytes> channel = Channel.create(SharedBytes.class);
                SharedBytes sent = SharedBytes.of(new byte[LONG_MESSAGE])) {
            channel.sender().send(sent);
            try (SharedBytes received = channel.receiver().receive()) {
                check(received.length() == LONG_MESSAGE);
            }
        }
    }

    private static void check(boolean isSo) {
        if (!isSo) {
            throw new AssertionError("not what was sent");
        }
    }
}
