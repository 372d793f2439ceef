package dev.ipcchannel.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.internal.codec.Samples.Order;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A plan that becomes hot: it switches to its composed form while threads are using it.
@Timeout(60)
class HotPlanTest {

    private static final int THREADS = 4;

    @Test
    void planUsedByManyThreadsGoesOnWhileItIsComposed() throws Exception {
        TypePlan<Order> plan = Format.BINARY.plan(Order.class);
        byte[] expected = Format.encode(plan, Samples.ORDER);
        Callable<Void> use = () -> {
            for (int i = 0; i < BinaryPlan.USES_UNTIL_HOT; i++) {
                assertThat(Format.encode(plan, Samples.ORDER)).isEqualTo(expected);
                assertThat(Format.decode(plan, expected).pair()).isEqualTo(Samples.ORDER.pair());
            }
            return null;
        };
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            List<Future<Void>> uses = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                uses.add(threads.submit(use));
            }
            for (Future<Void> each : uses) {
                each.get();
            }
        }
    }
}
