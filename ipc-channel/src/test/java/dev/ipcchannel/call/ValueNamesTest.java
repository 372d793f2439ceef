package dev.ipcchannel.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.CallFailed;
import dev.ipcchannel.Channel;
import dev.ipcchannel.Codec;
import dev.ipcchannel.CodecFailed;
import dev.ipcchannel.Duplex;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Waits;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Sentences about a question, an answer or a part of one that is wrong, in words of the user's own
/// types, as a channel says it.
@Timeout(60)
class ValueNamesTest {

    private static final String ADVICE = ": look for a raw type or an unchecked cast";

    sealed interface Job permits Look, Move {}

    record Look(String kind) implements Job {}

    record Move(List<String> steps, Map<String, Integer> costs) implements Job {}

    record Result(String text) {}

    record Unsendable(Thread thread) {}

    @SuppressWarnings("NullAway") // what unchecked callers do
    private static Look look(@Nullable String kind) {
        return new Look(kind);
    }

    @SuppressWarnings("NullAway") // what unchecked callers do
    private static final Result NOTHING = new Result(null);

    private static <T> Codec<T> codec(boolean isJson, TypeToken<T> type) {
        return isJson ? Codec.json(type) : Codec.of(type);
    }

    private static Duplex.Pair<Request<Job>, Reply<Result>> ends(boolean isJson) {
        Channel<Request<Job>> there =
                Channel.create(codec(isJson, new TypeToken<Request<Job>>() {}));
        Channel<Reply<Result>> back =
                Channel.create(codec(isJson, new TypeToken<Reply<Result>>() {}));
        return new Duplex.Pair<>(new Duplex<>(there.sender(), back.receiver()),
                new Duplex<>(back.sender(), there.receiver()));
    }

    private static void assertRefused(Caller<Job, Result> caller, Job question, String message) {
        assertThatThrownBy(() -> caller.call(question)).isInstanceOf(CodecFailed.class)
                .hasMessage(message);
        assertThatThrownBy(() -> caller.send(question)).hasMessage(message);
        assertThatThrownBy(() -> caller.stream(question)).hasMessage(message);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @SuppressWarnings({"unchecked", "rawtypes"}) // the subject of the test
    void questionThatCannotBeSentIsNamedByItsType(boolean isJson) {
        Duplex.Pair<Request<Job>, Reply<Result>> pair = ends(isJson);
        try (Caller<Job, Result> caller = new Caller<>(pair.near()); var _ = pair.far()) {
            Map<String, Integer> costs = new HashMap<>();
            costs.put("way", null);

            assertRefused(caller, look(null), "Job.kind is null: use Optional");
            assertRefused(caller, look("\ud800"),
                    "Job.kind has an unpaired surrogate, half of a letter:"
                            + " index=0, char=U+D800: cut texts between letters, or send bytes");
            assertRefused(caller, new Move(Arrays.asList("a", null), Map.of()),
                    "Job.steps[1] is null: use Optional");
            assertRefused(caller, new Move(List.of(), costs),
                    "Job.costs[0].value is null: use Optional");
            assertRefused(caller, new Move((List) List.of(1), Map.of()),
                    "Job.steps[0] must be of type String: given=java.lang.Integer" + ADVICE);
            assertThatThrownBy(() -> ((Caller) caller).call(7)).isInstanceOf(CodecFailed.class)
                    .hasMessage("a question must be of type Job: given=java.lang.Integer" + ADVICE);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @SuppressWarnings({"unchecked", "rawtypes"}) // the subject of the test
    void answerThatCannotBeSentIsNamedByItsType(boolean isJson) throws Exception {
        Handler handler = (question, exchange) -> switch (((Look) question).kind()) {
            case "part" -> {
                exchange.part(NOTHING);
                yield NOTHING;
            }
            case "part of another class" -> {
                exchange.part("text");
                yield NOTHING;
            }
            case "another class" -> 5;
            default -> NOTHING;
        };
        Duplex.Pair<Request<Job>, Reply<Result>> pair = ends(isJson);
        try (Responder<Job, Result> responder = new Responder<>(pair.far())) {
            Waits<Void> serving = Waits.run(() -> responder.serve(handler));
            try (Caller<Job, Result> caller = new Caller<>(pair.near())) {
                assertFails(caller, "answer", "Result.text is null: use Optional");
                assertFails(caller, "part", "Result.text is null: use Optional");
                assertFails(caller, "part of another class", "a part of an answer must be of type"
                        + " Result: given=java.lang.String" + ADVICE);
                assertFails(caller, "another class",
                        "an answer must be of type Result: given=java.lang.Integer" + ADVICE);
            }
            assertThat(serving.value()).isNull();
        }
    }

    private static void assertFails(Caller<Job, Result> caller, String kind, String message) {
        assertThatThrownBy(() -> caller.call(new Look(kind), Children.PATIENCE))
                .isInstanceOfSatisfying(CallFailed.class, failure -> assertThat(
                        failure.remoteMessage()).isEqualTo(message));
    }

    @Test
    void typesThatCannotBeSentAreNamedByTheUsersTypes() {
        assertThatThrownBy(() -> Caller.create(Unsendable.class, String.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("no codec for a type: type=java.lang.Thread,"
                        + " in=Unsendable.thread: ");
        assertThatThrownBy(() -> Responder.create(String.class, Unsendable.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("no codec for a type: type=java.lang.Thread,"
                        + " in=Unsendable.thread: ");
        assertThatThrownBy(() -> Caller.create(Object.class, String.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a type must say what its values are: type=java.lang.Object, in=Object:"
                        + " name a class, or a sealed interface of records");
        assertThatThrownBy(() -> Caller.create(String.class, Void.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "a type must have values: type=java.lang.Void, in=Void: name one such as"
                                + " Boolean");
    }
}
