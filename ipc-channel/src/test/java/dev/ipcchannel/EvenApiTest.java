package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.testing.PublicApi;
import dev.ipcchannel.transport.Transport;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The uniformity of the API: types as classes and as tokens, and options in each method that makes
/// channels.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EvenApiTest {

    @Test
    void whatTakesTheClassOfMessagesTakesTheirTokenAsWell() {
        assertThat(withoutTwin(EvenApiTest::hasMessageClass, "Class", "TypeToken")).isEmpty();
    }

    @Test
    void whatTakesTheTokenOfMessagesTakesTheirClassAsWell() {
        assertThat(withoutTwin(EvenApiTest::hasToken, "TypeToken", "Class")).isEmpty();
    }

    @Test
    void whatMakesChannelsTakesOptions() {
        List<String> without = new ArrayList<>();
        for (Method method : methods()) {
            boolean isMaker = Modifier.isStatic(method.getModifiers())
                    && List.of("create", "inProcess").contains(method.getName())
                    && method.getDeclaringClass() != SharedBytes.class;
            List<String> shape = shape(method);
            if (isMaker && !shape.contains("ChannelOptions")) {
                List<String> twin = new ArrayList<>(shape);
                twin.add("ChannelOptions");
                if (!hasMethod(method, twin)) {
                    without.add(PublicApi.describe(method));
                }
            }
        }
        assertThat(without).isEmpty();
    }

    /// If the annotation's class is not on the class path, as in a program with the library only,
    /// javac crashes on a wrong call of a method with such an overload.
    @Test
    void overloadsOfAVerbHaveNoNullableParameter() {
        List<String> refused = new ArrayList<>();
        for (Class<?> type : PublicApi.types()) {
            for (Method method : type.getDeclaredMethods()) {
                boolean isNullable = Arrays.stream(method.getAnnotatedParameterTypes())
                        .anyMatch(each -> each.isAnnotationPresent(Nullable.class));
                boolean isOverload = PublicApi.methods(type).stream()
                        .anyMatch(verb -> verb.getName().equals(method.getName())
                                && !verb.equals(method));
                if (isNullable && isOverload) {
                    refused.add(method.toString());
                }
            }
        }
        assertThat(refused).isEmpty();
    }

    private static List<Method> methods() {
        return PublicApi.types().stream().filter(type -> type != TypeToken.class)
                .filter(type -> type != Transport.class) // for users to implement
                .flatMap(type -> PublicApi.methods(type).stream()).toList();
    }

    private static List<String> withoutTwin(Predicate<Method> isMeant, String from, String to) {
        List<Method> meant = methods().stream().filter(isMeant).toList();
        assertThat(meant).isNotEmpty();
        return meant.stream()
                .filter(method -> !hasMethod(method, shape(method).stream()
                        .map(type -> type.equals(from) ? to : type).toList()))
                .map(PublicApi::describe).toList();
    }

    private static boolean hasMethod(Method like, List<String> shape) {
        return PublicApi.methods(like.getDeclaringClass()).stream()
                .anyMatch(other -> other.getName().equals(like.getName())
                        && shape(other).equals(shape));
    }

    private static List<String> shape(Executable method) {
        return Arrays.stream(method.getParameterTypes()).map(Class::getSimpleName).toList();
    }

    /// Whether it takes the class of the messages: a `Class<T>`, not a `Class<?>` of a program.
    private static boolean hasMessageClass(Method method) {
        return Arrays.stream(method.getGenericParameterTypes())
                .anyMatch(type -> isOfVariable(type, Class.class));
    }

    private static boolean hasToken(Method method) {
        return Arrays.stream(method.getGenericParameterTypes())
                .anyMatch(type -> isOfVariable(type, TypeToken.class));
    }

    private static boolean isOfVariable(Type type, Class<?> raw) {
        return type instanceof ParameterizedType of && of.getRawType() == raw
                && of.getActualTypeArguments()[0] instanceof TypeVariable<?>;
    }
}
