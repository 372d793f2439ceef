package dev.ipcchannel.testing.children;

import dev.ipcchannel.Channel;
import dev.ipcchannel.Codec;
import dev.ipcchannel.Decoder;
import dev.ipcchannel.Encoder;
import dev.ipcchannel.select.ReceiverSet;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/// A child that has an interrupted virtual thread take a receiver out of a set while another one is
/// inside, in a codec that waits. Ends with 0 once both have gone on, the first with its interrupt.
public final class ImpatientRemovalChild {

    private static final int STUCK = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /// A codec that waits until it may continue.
    private record SlowCodec(CountDownLatch isInside, CountDownLatch mayGoOn)
            implements Codec<String> {

        @Override
        public void encode(String message, Encoder out) {
            out.putByte((byte) 0);
        }

        @Override
        public String decode(Decoder in) {
            in.getByte();
            isInside.countDown();
            try {
                mayGoOn.await();
            } catch (InterruptedException impossible) {
                throw new AssertionError(impossible);
            }
            return "decoded";
        }
    }

    private ImpatientRemovalChild() {}

    public static void main(String[] arguments) throws InterruptedException {
        SlowCodec codec = new SlowCodec(new CountDownLatch(1), new CountDownLatch(1));
        try (Channel<String> channel = Channel.create(codec);
                ReceiverSet<String> set = ReceiverSet.open()) {
            set.add(channel.receiver());
            channel.sender().send("text");
            Thread selecting = Thread.ofVirtual().start(set::trySelect);
            codec.isInside.await();
            CountDownLatch isComing = new CountDownLatch(1);
            Thread impatient = Thread.ofVirtual().start(() -> {
                Thread.currentThread().interrupt();
                isComing.countDown();
                check(set.remove(channel.receiver()));
                check(Thread.interrupted());
            });
            isComing.await();

            codec.mayGoOn.countDown();

            check(selecting.join(PATIENCE));
            check(impatient.join(PATIENCE));
        }
        System.exit(0);
    }

    private static void check(boolean isSo) {
        if (!isSo) {
            new AssertionError("stuck, or without its interrupt").printStackTrace();
            Runtime.getRuntime().halt(STUCK);
        }
    }
}
