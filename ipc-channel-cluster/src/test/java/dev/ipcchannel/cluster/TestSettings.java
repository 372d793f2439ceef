package dev.ipcchannel.cluster;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/// The settings that all processes of a test agree on, in seconds: quick to give up.
///
/// @param ackWait as that of [ClusterOptions], and so on
record TestSettings(int ackWait, int unreachableAfter, int cancelledAfter, int replicas) {

    static final TestSettings QUICK = new TestSettings(1, 3, 4, 1);

    ClusterOptions options(String url) {
        return ClusterOptions.of(url).withAckWait(Duration.ofSeconds(ackWait))
                .withAbsence(Duration.ofSeconds(unreachableAfter),
                        Duration.ofSeconds(cancelledAfter))
                .withReplicas(replicas);
    }

    /// An argument of a program, for [#parse].
    String argument() {
        return "%d,%d,%d,%d".formatted(ackWait, unreachableAfter, cancelledAfter, replicas);
    }

    static TestSettings parse(String argument) {
        List<Integer> values = Arrays.stream(argument.split(",", -1)).map(Integer::valueOf)
                .toList();
        return new TestSettings(values.get(0), values.get(1), values.get(2), values.get(3));
    }
}
