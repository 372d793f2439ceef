package dev.ipcchannel.child;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The share of the memory that the heap of one of several JVMs has.
@Timeout(10)
class HeapShareTest {

    private static final UserOptions NONE = new UserOptions(List.of(), Map.of());

    @ParameterizedTest
    @CsvSource({"3, 2730", "4, 2048", "8, 1024", "64, 128", "1000, 32"})
    void manyHaveHalfOfTheMemoryTogether(int jvms, int mebibytes) {
        assertThat(new HeapShare(jvms).options(NONE, 16L << 30))
                .containsExactly("-Xmx" + mebibytes + "m");
    }

    @Test
    void noneHasMoreThanAJvmTakesOnALargeMachine() {
        assertThat(new HeapShare(3).options(NONE, 512L << 30)).isEmpty();
        assertThat(new HeapShare(16).options(NONE, 512L << 30)).containsExactly("-Xmx16384m");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void fewHaveWhatAJvmTakesByItself(int jvms) {
        assertThat(new HeapShare(jvms).options(NONE, 16L << 30)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-Xmx64m", "-Xmn1g", "-XX:SoftMaxHeapSize=1g", "-XX:MaxHeapSize=64m",
        "-XX:MaxRAMPercentage=5",
        "-XX:MaxRAM=1g", "-ea -XX:MaxRAMFraction=8"})
    void heapThatTheUserHasSetCounts(String option) {
        assertThat(new HeapShare(8).options(
                new UserOptions(List.of(), Map.of("JAVA_TOOL_OPTIONS", option)), 16L << 30))
                .isEmpty();
        assertThat(new HeapShare(8).options(new UserOptions(List.of(option), Map.of()), 16L << 30))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-DFRAMEWORK=a", "-DPARAM=1", "-Dapp.GC=b", "-XX:+PrintGC"})
    void optionThatOnlyLooksLikeOneOfMemoryChangesNothing(String option) {
        UserOptions users = new UserOptions(List.of(option), Map.of());
        MemoryLimit limit = MemoryLimit.of(256 << 20, true);

        assertThat(new HeapShare(8).options(users, 16L << 30)).isNotEmpty();
        assertThat(limit.options(users)).isEqualTo(limit.options(NONE)).contains("-Xmx182m");
    }

    /// An option with `RAM` in it keeps the limit from setting the heap itself.
    @Test
    void jvmWithAMemoryLimitOfItsOwnSharesWithNoOther() {
        ChildJvm child = ChildJvm.of(HeapShareTest.class).jvmOptions("-XX:InitialRAMPercentage=1")
                .oneOf(8);

        assertThat(child.heapShare()).hasSize(1);
        assertThat(child.memoryLimit(1 << 30).heapShare()).isEqualTo(List.of());
    }
}
