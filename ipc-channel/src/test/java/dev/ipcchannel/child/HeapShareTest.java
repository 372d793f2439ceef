package dev.ipcchannel.child;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The share of the memory that the heap of one of several JVMs has.
@Timeout(10)
class HeapShareTest {

    @ParameterizedTest
    @CsvSource({"3, 16.667", "4, 12.500", "8, 6.250", "64, 0.781"})
    void manyHaveHalfOfTheMemoryTogether(int jvms, String percent) {
        assertThat(new HeapShare(jvms).options(Map.of()))
                .containsExactly("-XX:MaxRAMPercentage=" + percent);
    }

    @ParameterizedTest
    @CsvSource({"0", "1", "2"})
    void fewHaveWhatAJvmTakesByItself(int jvms) {
        assertThat(new HeapShare(jvms).options(Map.of())).isEmpty();
    }

    @Test
    void shareInTheUsersVariablesCounts() {
        assertThat(new HeapShare(8)
                .options(Map.of("JAVA_TOOL_OPTIONS", "-ea -XX:MaxRAMPercentage=5")))
                .isEqualTo(List.of());
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
