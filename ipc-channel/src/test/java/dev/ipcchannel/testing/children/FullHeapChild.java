package dev.ipcchannel.testing.children;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.ipcchannel.Channel;
import dev.ipcchannel.Claim;
import dev.ipcchannel.Codec;
import dev.ipcchannel.Receiver;
import dev.ipcchannel.Sender;
import dev.ipcchannel.SharedBytes;
import dev.ipcchannel.select.ReceiverEvent;
import dev.ipcchannel.select.ReceiverSet;
import dev.ipcchannel.testing.RawBytes;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;

/// A child that calls each method that decodes or encodes with a message that does not fit into its
/// heap, as often as needed, and prints the failures and that the channel goes on.
public final class FullHeapChild {

    /// Bytes of the long message: more than half of the longest array with `-Xmx32m`.
    public static final int LENGTH = 16 << 20;

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private FullHeapChild() {}

    /// A message of one string, which is most of its JSON.
    record Text(String text) {}

    private interface Verb<T> {
        Object apply(T end) throws Exception;
    }

    public static void main(String[] arguments) throws Exception {
        receive("receive", Receiver::receive);
        receive("receive(timeout)", receiver -> receiver.receive(PATIENCE));
        receive("tryReceive", FullHeapChild::tryUntilThere);
        receive("iterator", receiver -> receiver.iterator().next());
        receive("stream", receiver -> receiver.stream().findFirst());
        receive("receiveAsync", receiver -> receiver.receiveAsync().get());
        receive("publisher", FullHeapChild::subscribe);
        receive("set", FullHeapChild::select);
        json();
        send();
        share();
        bytes();
    }

    private static void receive(String name, Verb<Receiver<byte[]>> verb) throws Exception {
        try (Channel<byte[]> channel = Channel.create(byte[].class)) {
            try (Claim claim = channel.sender().claim(2 * LENGTH)) { // the bytes are needed once
                claim.commit();
            }
            report(name, () -> verb.apply(channel.receiver()));
            channel.sender().send(new byte[1]);
            report(name + " goes on", () -> channel.receiver().receive().length);
        }
    }

    private static Object tryUntilThere(Receiver<byte[]> receiver) {
        while (true) {
            byte[] message = receiver.tryReceive();
            if (message != null) {
                return message;
            }
        }
    }

    private static Object subscribe(Receiver<byte[]> receiver) throws Exception {
        CompletableFuture<byte[]> first = new CompletableFuture<>();
        receiver.publisher().subscribe(new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                subscription.request(1);
            }

            @Override
            public void onNext(byte[] message) {
                first.complete(message);
            }

            @Override
            public void onError(Throwable failure) {
                first.completeExceptionally(failure);
            }

            @Override
            public void onComplete() {}
        });
        return first.get();
    }

    private static Object select(Receiver<byte[]> receiver) throws Exception {
        try (ReceiverSet<byte[]> set = ReceiverSet.open()) {
            set.add(receiver);
            List<ReceiverEvent<byte[]>> events = set.select();
            if (events.getFirst() instanceof ReceiverEvent.Failed<byte[]> failed) {
                throw failed.failure();
            }
            return events;
        }
    }

    /// A text that is as long as its JSON, written in place.
    private static void json() throws Exception {
        try (Channel<Text> channel = Channel.create(Codec.json(Text.class))) {
            byte[] start = "{\"text\":\"".getBytes(StandardCharsets.UTF_8);
            try (Sender<byte[]> raw = RawBytes.into(channel.sender());
                    Claim claim = raw.claim(LENGTH)) {
                MemorySegment message = claim.payload();
                message.fill((byte) 'a');
                MemorySegment.copy(start, 0, message, JAVA_BYTE, 0, start.length);
                message.set(JAVA_BYTE, LENGTH - 2L, (byte) '"');
                message.set(JAVA_BYTE, LENGTH - 1L, (byte) '}');
                claim.commit();
            }
            report("JSON receive", () -> channel.receiver().receive());
            String text = "a".repeat(LENGTH / 2);
            report("JSON send", () -> {
                channel.sender().send(new Text(text));
                return "sent";
            });
            channel.sender().send(new Text("b"));
            report("JSON goes on", () -> channel.receiver().receive().text());
        }
    }

    private static void send() throws Exception {
        String text = "a".repeat(LENGTH);
        try (Channel<String> channel = Channel.create(String.class)) {
            report("send", () -> {
                channel.sender().send(text);
                return "sent";
            });
            report("send(timeout)", () -> {
                channel.sender().send(text, PATIENCE);
                return "sent";
            });
            report("trySend", () -> channel.sender().trySend(text));
            report("toBytes", () -> Codec.utf8().toBytes(text));
            channel.sender().send("b");
            report("send goes on", () -> channel.receiver().receive());
        }
    }

    private static void share() {
        try (SharedBytes bytes = SharedBytes.create(2L * LENGTH, _ -> {})) {
            report("toByteArray", bytes::toByteArray);
            report("take", bytes::take);
            report("shared bytes stay", bytes::length);
        }
    }

    private static void bytes() {
        byte[] bytes = new byte[LENGTH];
        report("fromBytes", () -> Codec.bytes().fromBytes(bytes));
    }

    private interface Action {
        Object run() throws Exception;
    }

    private static void report(String name, Action action) {
        try {
            Object result = action.run();
            System.out.println(name + ": "
                    + (result instanceof byte[] bytes ? "length=" + bytes.length : result));
        } catch (ExecutionException failure) {
            System.out.println(name + ": " + failure.getCause());
        } catch (Exception | OutOfMemoryError failure) {
            System.out.println(name + ": " + failure);
        }
    }
}
