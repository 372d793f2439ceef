package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.internal.base.ShownTime;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.PublicApi;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Negative times in all public methods: a method that waits treats one as zero, as the rest of a
/// time that has passed; a setter refuses it and names the value.
@NullUnmarked
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NegativeTimesTest {

    private static final Duration NEGATIVE = Duration.ofMillis(-1234);

    @RegisterExtension
    final Children children = new Children();

    private ApiSamples samples;

    @BeforeEach
    void makeSamples() throws Exception {
        samples = ApiSamples.make();
    }

    @AfterEach
    void close() throws Exception {
        samples.close();
    }

    @Test
    void waitsTakeItForNoneAndSettingsRefuseIt() throws Exception {
        List<String> refused = new ArrayList<>();
        List<String> wrong = new ArrayList<>();
        int waits = 0;
        for (Class<?> type : PublicApi.types()) {
            for (Executable call : ApiSamples.calls(type)) {
                int place = List.of(call.getParameterTypes()).indexOf(Duration.class);
                if (place < 0) {
                    continue;
                }
                String none = outcome(call, place, Duration.ZERO);
                String less = outcome(call, place, NEGATIVE);
                if (less.startsWith("java.lang.IllegalArgumentException")
                        && less.contains(ShownTime.of(NEGATIVE))) {
                    refused.add(PublicApi.describe(call));
                } else if (less.equals(none)) {
                    waits++;
                } else {
                    wrong.add("%s: %s, and with none: %s".formatted(PublicApi.describe(call),
                            less, none));
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(refused).containsExactlyInAnyOrder(
                "ChannelOptions.withSpin(Duration)", "InProcess.delay(Duration)",
                "NamedReceiver.startHeartbeat(Duration)",
                "BroadcastOptions.withLinger(Duration)",
                "BroadcastOptions.new(ChannelOptions, SlowReader, int, boolean, boolean, Duration)",
                "BusyPolicy.waitUpTo(Duration)", "BusyPolicy$Wait.new(Duration)",
                "JobBuilder.timeout(Duration)", "JobBuilder.timeout(Duration, TimeoutAction)",
                "JobMapping.timeout(Duration)",
                "JobMapping.timeout(Duration, TimeoutAction)",
                "ChildJvm.grace(Duration)", "ChildJvm.startTimeout(Duration)",
                "WorkerSetBuilder.idleTime(Duration, int)",
                "WorkerSetBuilder.jobTimeout(Duration, TimeoutAction)",
                "WorkerSetBuilder.maxAge(Duration)",
                "WorkerSetBuilder.restartLimit(int, Duration)");
        assertThat(waits).isGreaterThan(20);
    }

    /// The result of a call: the class of its exception, or that it returns; of a refusal the
    /// message as well.
    private String outcome(Executable call, int place, Duration time) throws Exception {
        Object[] arguments = samples.arguments(call);
        arguments[place] = time;
        try {
            if (samples.call(call, arguments) instanceof Claim claim) {
                claim.close();
            }
            return "it returns: " + Arrays.toString(call.getParameterTypes());
        } catch (InvocationTargetException failure) {
            Throwable thrown = failure.getCause();
            return thrown instanceof IllegalArgumentException ? thrown.toString()
                    : thrown.getClass().getName();
        }
    }
}
