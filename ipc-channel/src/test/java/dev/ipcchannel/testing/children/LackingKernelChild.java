package dev.ipcchannel.testing.children;

import dev.ipcchannel.Channel;
import dev.ipcchannel.ResourceExhausted;
import dev.ipcchannel.Sender;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// A child that receives messages with ends in them, whose sender rings each time, while system
/// calls fail for want of memory: as often as it takes.
public final class LackingKernelChild {

    /// Printed when all have come, after the number of failures.
    public static final String ALL = "all have come, ";

    private static final int MESSAGES = 200;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /// A message.
    public record Parcel(int number, Sender<String> end) {}

    private LackingKernelChild() {}

    public static void main(String[] arguments) throws Exception {
        try (Channel<Parcel> parcels = Channel.create(Parcel.class);
                Channel<String> letters = Channel.create(String.class);
                ExecutorService other = Executors.newSingleThreadExecutor()) {
            Future<Integer> lacks = other.submit(() -> receiveAll(parcels));
            for (int i = 0; i < MESSAGES; i++) {
                send(parcels.sender(), new Parcel(i, letters.sender().share()));
            }
            System.out.println(ALL + lacks.get());
        }
    }

    private static void send(Sender<Parcel> sender, Parcel parcel) throws InterruptedException {
        while (true) {
            try {
                sender.send(parcel, PATIENCE);
                return;
            } catch (ResourceExhausted _) {
                // Nothing was sent.
            }
        }
    }

    private static int receiveAll(Channel<Parcel> parcels) throws InterruptedException {
        int lacks = 0;
        for (int i = 0; i < MESSAGES;) {
            try {
                Parcel parcel = parcels.receiver().receive(PATIENCE);
                parcel.end().close();
                if (parcel.number() != i) {
                    throw new IllegalStateException("expected=%d, came=%d".formatted(i,
                            parcel.number()));
                }
                i++;
            } catch (ResourceExhausted _) {
                lacks++;
            }
        }
        return lacks;
    }
}
