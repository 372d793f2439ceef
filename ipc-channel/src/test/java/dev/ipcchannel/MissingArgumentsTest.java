package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.PublicApi;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Null in every argument of all public methods: each time a `NullPointerException` that names the
/// argument, thrown by the called method itself.
@NullUnmarked
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MissingArgumentsTest {

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
    void everyMissingArgumentIsNamedByTheCallThatGetsIt() throws Exception {
        List<String> wrong = new ArrayList<>();
        int calls = 0;
        for (Class<?> type : PublicApi.types()) {
            for (Executable call : ApiSamples.calls(type)) {
                for (int i = 0; i < call.getParameterCount(); i++) {
                    Parameter parameter = call.getParameters()[i];
                    if (mayBeMissing(parameter)) {
                        continue;
                    }
                    calls++;
                    String outcome = outcome(call, i);
                    if (!outcome.matches(sentence(call, parameter))) {
                        wrong.add("%s, %s: %s".formatted(PublicApi.describe(call),
                                parameter.getName(), outcome));
                    }
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(calls).isGreaterThan(200);
    }

    /// The expected message, as a regular expression.
    private static String sentence(Executable call, Parameter parameter) {
        return parameter.getName() + " of " + (call instanceof Constructor<?>
                ? "new [A-Z][\\w.]+" : "[A-Z][\\w.]+\\." + call.getName()) + " is null";
    }

    private static boolean mayBeMissing(Parameter parameter) {
        return parameter.getType().isPrimitive()
                || parameter.getAnnotatedType().isAnnotationPresent(Nullable.class);
    }

    /// @return the message about the missing argument, or the result instead
    private String outcome(Executable call, int missing) throws Exception {
        Object[] arguments = samples.arguments(call);
        arguments[missing] = null;
        try {
            Object _ = samples.call(call, arguments);
            return "nothing was said";
        } catch (InvocationTargetException failure) {
            Throwable thrown = failure.getCause();
            return thrown instanceof NullPointerException && thrown.getMessage() != null
                    ? thrown.getMessage() : thrown.toString();
        }
    }
}
