package dev.ipcchannel.internal.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Memory that is lent to one call at a time.
@Timeout(30)
class FrameTest {

    @Test
    void memoryGivenBackIsLentAgain() {
        Frame frame = Frame.borrow();
        frame.close();

        try (Frame next = Frame.borrow()) {
            assertThat(next.address(0)).isEqualTo(frame.address(0));
        }
    }

    @Test
    void frameIsGivenBackOnce() {
        Frame frame = Frame.borrow();
        frame.close();

        assertThatThrownBy(frame::close).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("twice");
        try (Frame first = Frame.borrow(); Frame second = Frame.borrow()) {
            assertThat(first.address(0)).isNotEqualTo(second.address(0));
        }
    }

    @Test
    void noFrameIsLentToTwoAtOnceHoweverManyBorrow() throws Exception {
        Set<Long> lent = ConcurrentHashMap.newKeySet();
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                all.add(threads.submit(() -> borrowOften(lent)));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
    }

    private static void borrowOften(Set<Long> lent) {
        for (int i = 0; i < 50_000; i++) {
            try (Frame outer = Frame.borrow(); Frame inner = Frame.borrow()) {
                assertThat(lent.add(outer.address(0)) && lent.add(inner.address(0))).isTrue();
                lent.remove(inner.address(0));
                lent.remove(outer.address(0));
            }
        }
    }

    @Test
    void borrowAndGiveBackAskTheHeapForNothing() {
        com.sun.management.ThreadMXBean threads =
                (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        Frame.borrow().close();
        long before = threads.getCurrentThreadAllocatedBytes();
        long ofTheQuestion = threads.getCurrentThreadAllocatedBytes() - before;

        before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 1000; i++) {
            Frame.borrow().close();
        }
        long after = threads.getCurrentThreadAllocatedBytes();

        assertThat(after - before).isEqualTo(ofTheQuestion);
    }
}
