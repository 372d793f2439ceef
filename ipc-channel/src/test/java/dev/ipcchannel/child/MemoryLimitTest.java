package dev.ipcchannel.child;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.ChildFailed;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The parts of a memory limit, and the limits that are refused.
@Timeout(30)
class MemoryLimitTest {

    private static final long MIB = 1 << 20;

    private static UserOptions users(List<String> options, Map<String, String> variables) {
        return new UserOptions(options, variables);
    }

    @ParameterizedTest
    @CsvSource({"64, 20, 4, 14, 8", "128, 74, 8, 18, 10", "256, 182, 16, 26, 14",
        "1024, 830, 64, 74, 38", "4096, 3358, 256, 266, 134", "65536, 54238, 4096, 4106, 240"})
    void limitIsSplitIntoTheAreasOfAJvm(long limit, long heap, long direct, long metaspace,
            long code) {
        assertThat(MemoryLimit.of(limit * MIB, true).options(users(List.of(), Map.of())))
                .contains("-Xmx" + heap + "m", "-XX:MaxDirectMemorySize=" + direct + "m",
                        "-XX:MaxMetaspaceSize=" + metaspace + "m",
                        "-XX:ReservedCodeCacheSize=" + code + "m");
        assertThat(heap + direct + metaspace + code).isLessThanOrEqualTo(limit - 18);
    }

    @Test
    void smallJvmHasTheCollectorThatNeedsLeastUnlessAnotherIsChosen() {
        MemoryLimit small = MemoryLimit.of(64 * MIB, true);

        assertThat(small.options(users(List.of(), Map.of()))).contains("-XX:+UseSerialGC");
        assertThat(small.options(users(List.of("-XX:+UseG1GC"), Map.of())))
                .doesNotContain("-XX:+UseSerialGC");
        assertThat(small.options(users(List.of(), Map.of("JAVA_TOOL_OPTIONS", "-XX:+UseZGC"))))
                .doesNotContain("-XX:+UseSerialGC");
        assertThat(MemoryLimit.of(4096 * MIB, true).options(users(List.of(), Map.of())))
                .doesNotContain("-XX:+UseSerialGC");
    }

    @Test
    void heapOfTheUsersAsAPartOfTheMemoryIsNotOverridden() {
        assertThat(MemoryLimit.of(64 * MIB, true)
                .options(users(List.of("-XX:MaxRAMPercentage=30"), Map.of())))
                .noneMatch(option -> option.startsWith("-Xmx"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-Xmx41m", "-Xmx1g", "-XX:MaxHeapSize=42M", "-Xmx42991616"})
    void heapThatLeavesNoRoomIsRefused(String option) {
        MemoryLimit limit = MemoryLimit.of(64 * MIB, true);

        assertThatThrownBy(() -> limit.check(List.of("-Xmx8m", option)))
                .isInstanceOf(ChildFailed.class).hasMessageContaining("memoryLimit=67108864");
        assertThatCode(() -> limit.check(List.of(option, "-Xmx40m"))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({"-1, true, a child JVM needs at least 64 MiB", "0, false, a child needs at least",
        "67108863, true, a child JVM needs at least 64 MiB",
        "1048575, false, a child needs at least 1 MiB"})
    void limitBelowTheNeedIsRefused(long bytes, boolean isJvm, String words) {
        assertThatThrownBy(() -> MemoryLimit.of(bytes, isJvm))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(words).hasMessageContaining("memoryLimit=" + bytes + ", ");
    }
}
