package dev.ipcchannel.named;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.ipcchannel.call.ContextCarrier;
import dev.ipcchannel.call.Handler;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.OwnNames;
import dev.ipcchannel.testing.Tenants;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The context of questions to a service by name.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NamedContextTest {

    private static final String NAME = "tenants";

    @RegisterExtension
    final OwnNames names = OwnNames.emptyAtOnce();

    private static final Handler<String, String> HANDLER = Handler.within(new Tenants(),
            (question, call) -> question + " of " + Tenants.current());

    @Test
    void eachWayToAskCarriesTheContext() throws Exception {
        try (var _ = NamedService.serve(NAME, String.class, String.class, HANDLER);
                var bare = NamedCaller.open(NAME, String.class, String.class)) {
            var caller = bare.withContext(new Tenants()).idempotent();

            CompletableFuture<String> sent = Tenants.with("a", () -> caller.send("1"));
            assertThat(sent.get(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isEqualTo("1 of a");
            assertThat(Tenants.<String, InterruptedException>with("b", () -> caller.call("2")))
                    .isEqualTo("2 of b");
            try (var parts = Tenants.with("c", () -> caller.stream("3"))) {
                assertThat(parts.next()).isEqualTo("3 of c");
            }
            assertThat(caller.call("4")).isEqualTo("4 of none");
            assertThat(Tenants.<String, InterruptedException>with("d", () -> bare.call("5")))
                    .isEqualTo("5 of none");
        }
    }

    @Test
    void questionThatWaitsForAServerHasTheContextInWhichItWasAsked() throws Exception {
        try (var caller = NamedCaller.open(NAME, String.class, String.class)
                .withContext(new Tenants())) {
            CompletableFuture<String> answer = CompletableFuture.supplyAsync(() -> Tenants
                    .with("a", () -> {
                        try {
                            return caller.call("1");
                        } catch (InterruptedException interrupt) {
                            throw new IllegalStateException(interrupt);
                        }
                    }));
            try (var _ = NamedService.serve(NAME, String.class, String.class, HANDLER)) {
                assertThat(answer.get(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                        .isEqualTo("1 of a");
            }
        }
    }

    @Test
    void headersThatCannotTravelAreTheAskersError() throws Exception {
        try (var _ = NamedService.serve(NAME, String.class, String.class,
                (question, call) -> question + call.headers());
                var caller = NamedCaller.open(NAME, String.class, String.class)) {
            var tenants = caller.withContext(new Tenants());
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Tenants.with("x".repeat(300), () -> tenants.call("1")))
                    .withMessageContaining("limit=256");

            assertThat(caller.withContext(ContextCarrier.of(Map.of("tenant", "a"))).call("2 "))
                    .isEqualTo("2 {tenant=a}");
        }
    }
}
