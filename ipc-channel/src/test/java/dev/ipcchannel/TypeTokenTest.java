package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.call.Caller;
import dev.ipcchannel.child.ChildJvm;
import dev.ipcchannel.worker.Worker;
import dev.ipcchannel.worker.WorkerSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The types that a program names, and the refusal of classes that need type arguments.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TypeTokenTest {

    record Bounded<N extends Number, R extends Runnable>(N number, R other) {}

    record Kinds<E extends Enum<E>, L extends List<String>>(E kind, L names) {}

    record Chained<N extends Number, M extends N, S extends Comparable<S>>(N first, M second,
            S third) {}

    sealed interface Shown<T> {}

    record Page<T>(T text) implements Shown<T> {}

    static class Box<T> {}

    record Boxes(Box<?> any, @SuppressWarnings("rawtypes") Box raw) {}

    @Test
    void classWithParametersIsRefusedWithCodeThatWorksWhereverAClassIsTaken() {
        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> Channel.create(List.class), () -> Codec.of(List.class),
                () -> Codec.json(List.class), () -> TypeToken.of(List.class),
                () -> Duplex.create(String.class, List.class),
                () -> Caller.create(List.class, String.class),
                () -> WorkerSet.builder(String.class, List.class),
                () -> Worker.serve(List.class, String.class, _ -> "done"),
                () -> ChildJvm.ofCommand("true").start(List.class, String.class))) {
            assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("a type needs its arguments: type=java.util.List: write"
                            + " new TypeToken<List<String>>() {} in place of List.class");
        }
        Channel.create(new TypeToken<List<String>>() {}).close();
        Channel.create(new TypeToken<Map<String, String>>() {}).close();
    }

    @Test
    void argumentsThatAreAdvisedAreWithinTheirBounds() {
        assertThatThrownBy(() -> TypeToken.of(Map.class))
                .hasMessageEndingWith("write new TypeToken<Map<String, String>>() {} in place of"
                        + " Map.class");
        assertThatThrownBy(() -> TypeToken.of(Bounded.class))
                .hasMessageContaining("new TypeToken<Bounded<Integer, Runnable>>() {}");
        assertThatThrownBy(() -> Channel.create(ArrayList.class))
                .hasMessageStartingWith("no codec for a type: type=java.util.ArrayList");
    }

    @Test
    void argumentsAreWithinBoundsThatHaveArgumentsThemselves() {
        assertThatThrownBy(() -> TypeToken.of(Kinds.class))
                .hasMessageContaining("new TypeToken<Kinds<Enum, List<String>>>() {}");
        assertThatThrownBy(() -> TypeToken.of(Chained.class))
                .hasMessageContaining("new TypeToken<Chained<Integer, Integer, String>>() {}");
        assertThatThrownBy(() -> TypeToken.of(Shown.class))
                .hasMessageContaining("new TypeToken<Shown<String>>() {}");
        assertThatThrownBy(() -> TypeToken.of(Sender.class))
                .hasMessageContaining("new TypeToken<Sender<String>>() {}");
    }

    @Test
    void genericClassWithoutACodecIsNotAdvisedToHaveArguments() {
        for (ThrowingCallable call : List.<ThrowingCallable>of(() -> Channel.create(Box.class),
                () -> Channel.create(new TypeToken<Box<String>>() {}))) {
            assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("no codec for a type: type=" + Box.class.getName());
        }
        assertThatThrownBy(() -> Channel.create(Boxes.class))
                .hasMessageStartingWith("no codec for a type: type=" + Box.class.getName());
    }

    @Test
    void typeWithoutValuesSaysNothingOfSets() {
        assertThatThrownBy(() -> Channel.create(Void.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "a type must have values: type=java.lang.Void, in=Void: name one such as"
                                + " Boolean");
        assertThat(new TypeToken<List<String>>() {})
                .hasToString("java.util.List<java.lang.String>");
    }
}
