package dev.ipcchannel.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.internal.codec.Samples.Pair;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The refusal of types that cannot be sent: it comes when the plan is made, with the path to them
/// and what to do.
@Timeout(60)
class ShapeSearchTest {

    private record Holder<T>(List<T> things) {}

    private record Endless(Endless next) {}

    private record There(Back back) {}

    private record Back(There there) {}

    private sealed interface Loop permits Again {}

    private record Again(Loop loop) implements Loop {}

    private sealed interface Exit permits Stop, Go {}

    private record Stop() implements Exit {}

    private record Go(Exit next) implements Exit {}

    private record Ball<T>(T inside, Optional<Ball<List<T>>> next) {}

    private record Dollar(int $type) {}

    private sealed interface Twins permits First.Twin, Second.Twin {}

    private static final class First {
        record Twin() implements Twins {}
    }

    private static final class Second {
        record Twin() implements Twins {}
    }

    private sealed interface Half permits Whole, Open {}

    private record Whole() implements Half {}

    private static final class Open implements Half {}

    private sealed interface Answer<T> permits Yes, No {}

    private record Yes<T>(T what) implements Answer<T> {}

    private record No<T>(String why) implements Answer<T> {}

    private static void assertRefused(Format.Of<?> type, String message) {
        assertThatThrownBy(() -> Format.BINARY.plan(type))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining(message);
    }

    @Test
    void typeWithoutACodecIsNamedWithItsPathAndWhatToDo() {
        assertRefused(new Format.Of<Holder<Thread>>() {},
                "no codec for a type: type=java.lang.Thread, in=Holder<Thread>.things[]: use"
                        + " records");
        assertRefused(new Format.Of<Map<String, CharSequence>>() {},
                "no codec for a type: type=java.lang.CharSequence, in=Map<String, CharSequence>"
                        + "[].value: ");
        assertRefused(new Format.Of<ArrayList<String>>() {}, "or pass a Codec of your own");
    }

    /// The result of Kotlin's compiler for `data class Order(val id: Int)`, as far as the library
    /// looks at it.
    @Test
    void refusalOfADataClassOfKotlinSaysHowToMakeItARecord(@TempDir Path folder) throws Exception {
        Path metadata = write(folder.resolve("kotlin/Metadata.java"), """
                package kotlin;
                import java.lang.annotation.*;
                @Retention(RetentionPolicy.RUNTIME) public @interface Metadata {}
                """);
        Path order = write(folder.resolve("shop/Order.java"), """
                package shop;
                @kotlin.Metadata public final class Order { public int id; }
                """);
        assertThat(ToolProvider.findFirst("javac").orElseThrow().run(System.out, System.err, "-d",
                folder.toString(), metadata.toString(), order.toString())).isZero();

        try (URLClassLoader loader = new URLClassLoader(new URL[]{folder.toUri().toURL()}, null)) {
            Class<?> type = loader.loadClass("shop.Order");
            assertThatThrownBy(() -> Format.BINARY.plan(type))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("no codec for a type: type=shop.Order, in=Order: mark a"
                            + " data class with @JvmRecord, which makes a record of it, or use");
        }
    }

    private static Path write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    @Test
    void typeThatSaysNothingOfItsValuesIsRefused() {
        assertRefused(new Format.Of<Object>() {},
                "a type must say what its values are: type=java.lang.Object, in=Object: ");
        assertRefused(new Format.Of<Pair<String, Object[]>>() {},
                "in=Pair<String, Object[]>.second[]: name a class, or a sealed interface of"
                        + " records");
        assertRefused(new Format.Of<List<?>>() {},
                "a type must say what its values are: type=?, in=List<?>[]: ");
        assertRefused(new Format.Of<List<? super Integer>>() {}, "type=? super java.lang.Integer");
    }

    @Test
    @SuppressWarnings("rawtypes") // the subject of the test
    void typeWithoutItsArgumentsIsRefused() {
        assertRefused(new Format.Of<List>() {},
                "a type needs its arguments: type=java.util.List: write"
                        + " new TypeToken<List<String>>() {} in place of List.class");
        assertRefused(new Format.Of<Holder>() {}, "write new TypeToken<Holder<String>>() {}");
        assertRefused(new Format.Of<Pair<String, Map>>() {},
                "type=java.util.Map, in=Pair<String, Map>.second: write Map<String, String>,"
                        + " for instance");
        assertRefused(new Format.Of<ArrayList>() {},
                "no codec for a type: type=java.util.ArrayList, in=ArrayList: use records");
    }

    @Test
    void wildcardStandsForItsBound() {
        TypePlan<List<? extends Stop>> plan = Format.BINARY.plan(new Format.Of<>() {});

        assertThat(plan.description()).isEqualTo("binary:list<{}>");
    }

    @Test
    void typeWithoutAnyValueIsRefused() {
        String problem = "a type must not need a value of itself: type=";
        assertRefused(new Format.Of<Endless>() {}, problem + Endless.class.getName());
        assertRefused(new Format.Of<List<There>>() {}, problem + There.class.getName()
                + ", in=List<There>[]: use Optional or List");
        assertRefused(new Format.Of<Loop>() {}, problem);
        assertThat(Format.BINARY.plan(new Format.Of<Exit>() {}).description())
                .isEqualTo("binary:sealed(Stop:{}|Go:{next:^2})");
    }

    @Test
    void typeThatGrowsForEverIsRefused() {
        assertRefused(new Format.Of<Ball<String>>() {}, "nested=100, limit=100, all=");
    }

    @Test
    void typeThatHoldsTooManyOthersIsRefused() {
        record Ten<T>(T a, T b, T c, T d, T e, T f, T g, T h, T i, T j) {}

        assertRefused(new Format.Of<Ten<Ten<Ten<Ten<Integer>>>>>() {}, "all=10000, limit=10000");
    }

    @Test
    void namesThatJsonNeedsForItselfAreRefused() {
        assertRefused(new Format.Of<Dollar>() {},
                "a component's name must not start with a dollar: "
                        + "component=$type, in=Dollar");
    }

    @Test
    void casesOfTheSameNameAreRefused() {
        assertRefused(new Format.Of<Twins>() {},
                "the cases of a sealed type need names of their own: in=Twins: rename ");
    }

    @Test
    void caseThatIsNeitherRecordNorEnumIsRefused() {
        assertRefused(new Format.Of<Half>() {}, "type=" + Open.class.getName()
                + ", in=Half(Open): ");
    }

    @Test
    void genericCasesTakeTheirArgumentsFromTheInterface() {
        assertThat(Format.BINARY.plan(new Format.Of<Answer<Integer>>() {}).description())
                .isEqualTo("binary:sealed(Yes:{what:i32}|No:{why:string})");
    }
}
