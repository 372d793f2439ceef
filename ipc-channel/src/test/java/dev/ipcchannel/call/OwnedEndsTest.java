package dev.ipcchannel.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.Channel;
import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.CodecFailed;
import dev.ipcchannel.Duplex;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.Link;
import dev.ipcchannel.Receiver;
import dev.ipcchannel.Sender;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.select.ReceiverSet;
import dev.ipcchannel.select.Router;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Waits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Ends that belong to one user, and what becomes of each other one.
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OwnedEndsTest {

    private static final Duration SHORT = Duration.ofMillis(10);

    @RegisterExtension
    final Children children = new Children();

    /// The owners of a receiver, and how they give it back. A closed caller gives nothing back.
    enum Owning {
        CALLER("a Caller") {
            @Override
            AutoCloseable begin(Duplex<String, String> ends) {
                return caller(ends);
            }
        },
        RESPONDER("a Responder") {
            @Override
            AutoCloseable begin(Duplex<String, String> ends) {
                return responder(ends);
            }
        },
        SET("a set of receivers or a router") {
            @Override
            AutoCloseable begin(Duplex<String, String> ends) {
                ReceiverSet<String> set = ReceiverSet.open();
                set.add(ends.receiver());
                return set;
            }
        },
        ROUTER("a set of receivers or a router") {
            @Override
            AutoCloseable begin(Duplex<String, String> ends) {
                Router router = Router.open();
                router.route(ends.receiver(), _ -> {});
                return router;
            }
        },
        FUTURE("a future of receiveAsync") {
            @Override
            AutoCloseable begin(Duplex<String, String> ends) {
                CompletableFuture<String> future = ends.receiver().receiveAsync();
                return () -> future.cancel(true);
            }
        };

        final String owner;

        Owning(String owner) {
            this.owner = owner;
        }

        abstract AutoCloseable begin(Duplex<String, String> ends) throws Exception;
    }

    /// The other things that one may try with a receiver that has an owner.
    enum Trying {
        CALLER {
            @Override
            void use(Duplex<String, String> ends) {
                caller(ends);
            }
        },
        RESPONDER {
            @Override
            void use(Duplex<String, String> ends) {
                responder(ends);
            }
        },
        RECEIVE {
            @Override
            void use(Duplex<String, String> ends) throws Exception {
                ends.receiver().receive(SHORT);
            }
        },
        LOOK {
            @Override
            void use(Duplex<String, String> ends) {
                ends.tryReceive();
            }
        },
        READ_IN_PLACE {
            @Override
            void use(Duplex<String, String> ends) {
                ends.receiver().tryReceive((_, _, _) -> {}, 1);
            }
        },
        FUTURE {
            @Override
            void use(Duplex<String, String> ends) {
                try {
                    ends.receiver().receiveAsync().join();
                } catch (CompletionException failure) {
                    throw (RuntimeException) failure.getCause();
                }
            }
        },
        LOOP {
            @Override
            void use(Duplex<String, String> ends) {
                boolean _ = ends.receiver().iterator().hasNext();
            }
        },
        STREAM {
            @Override
            void use(Duplex<String, String> ends) {
                Optional<String> _ = ends.receiver().stream().findFirst();
            }
        },
        SET {
            @Override
            void use(Duplex<String, String> ends) {
                try (ReceiverSet<String> set = ReceiverSet.open()) {
                    set.add(ends.receiver());
                }
            }
        },
        ROUTER {
            @Override
            void use(Duplex<String, String> ends) {
                try (Router router = Router.open()) {
                    router.route(ends.receiver(), _ -> {});
                }
            }
        },
        MOVE {
            @Override
            void use(Duplex<String, String> ends) throws Exception {
                move(new TypeToken<Receiver<String>>() {}, ends.receiver());
            }
        },
        ERASE {
            @Override
            void use(Duplex<String, String> ends) {
                ends.receiver().erase();
            }
        };

        abstract void use(Duplex<String, String> ends) throws Exception;
    }

    /// The things that one may try with a sender that is a caller's or a responder's.
    enum Sending {
        SEND {
            @Override
            void use(Sender<String> sender) throws Exception {
                sender.send("a stranger's");
            }
        },
        TRY {
            @Override
            void use(Sender<String> sender) {
                sender.trySend("a stranger's");
            }
        },
        CLAIM {
            @Override
            void use(Sender<String> sender) throws Exception {
                sender.claim(8).close();
            }
        },
        TRY_CLAIM {
            @Override
            void use(Sender<String> sender) {
                sender.tryClaim(8);
            }
        },
        SHARE {
            @Override
            void use(Sender<String> sender) {
                sender.share();
            }
        },
        EXCLUSIVE {
            @Override
            void use(Sender<String> sender) {
                sender.exclusive();
            }
        },
        ERASE {
            @Override
            void use(Sender<String> sender) {
                sender.erase();
            }
        },
        MOVE {
            @Override
            void use(Sender<String> sender) throws Exception {
                move(new TypeToken<Sender<String>>() {}, sender);
            }
        };

        abstract void use(Sender<String> sender) throws Exception;
    }

    static Stream<Arguments> pairs() {
        return Stream.of(Owning.values()).flatMap(first -> Stream.of(Trying.values())
                .map(second -> Arguments.of(first, second)));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void receiverOfOneUserIsRefusedToEachOther(Owning first, Trying second) throws Exception {
        Duplex.Pair<String, String> pair = Duplex.create(String.class, String.class);
        try (AutoCloseable _ = first.begin(pair.near())) {
            assertThatThrownBy(() -> second.use(pair.near()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("belongs to " + first.owner);
        } finally {
            pair.near().close();
            pair.far().close();
        }
    }

    @ParameterizedTest
    @EnumSource(value = Owning.class, names = {"SET", "FUTURE"})
    void receiverThatWasGivenBackIsAnybodys(Owning first) throws Exception {
        Duplex.Pair<String, String> pair = Duplex.create(String.class, String.class);
        first.begin(pair.near()).close();

        assertThat(pair.near().tryReceive()).isNull();
        try (Caller<String, String> asking = caller(pair.near())) {
            assertThat(asking).isNotNull();
        }
        pair.far().close();
    }

    @ParameterizedTest
    @EnumSource
    void senderOfACallerIsRefusedToOthers(Sending second) {
        Duplex.Pair<String, String> pair = Duplex.create(String.class, String.class);
        try (Caller<String, String> _ = caller(pair.near())) {
            assertThatThrownBy(() -> second.use(pair.near().sender()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("belongs to a Caller");
        } finally {
            pair.far().close();
        }
    }

    @Test
    void callerWhoseSenderIsAnothersLeavesItsReceiverFree() throws Exception {
        Duplex.Pair<String, String> first = Duplex.create(String.class, String.class);
        Duplex.Pair<String, String> second = Duplex.create(String.class, String.class);
        try (Caller<String, String> _ = caller(first.near())) {
            assertThatThrownBy(() -> caller(
                    new Duplex<>(first.near().sender(), second.near().receiver())))
                    .isInstanceOf(IllegalStateException.class);

            second.far().send("a message");
            assertThat(second.near().receive()).isEqualTo("a message");
        } finally {
            second.near().close();
            second.far().close();
            first.far().close();
        }
    }

    @Test
    void callerOfClosedEndsIsRefused() {
        Duplex.Pair<String, String> pair = Duplex.create(String.class, String.class);
        pair.near().close();
        pair.far().close();

        assertThatThrownBy(() -> caller(pair.near())).isInstanceOf(EndClosed.class);
    }

    @Test
    void closeOfTheEndsIsNotRefusedAndEndsTheirOwner() throws Exception {
        Responder.Pair<String, String> pair = Responder.create(String.class, String.class);
        try (Responder<String, String> _ = pair.near();
                Caller<String, String> asking = new Caller<>(pair.far())) {
            Waits<String> call = Waits.in(() -> asking.call("a question")).asleep();

            pair.far().close();

            call.failure().isInstanceOf(EndClosed.class);
        }
    }

    @Test
    void strangersThatTryAllTheTimeDisturbNoCall() throws Exception {
        Caller.Pair<String, String> calls = Caller.create(TypeToken.of(String.class),
                TypeToken.of(String.class), ChannelOptions.defaults());
        Responder<String, String> responder = new Responder<>(calls.far());
        Waits<Void> serving = Waits.run(() -> responder.serve((question, _) -> question));
        AtomicInteger refused = new AtomicInteger();
        List<Waits<Void>> strangers = new ArrayList<>();
        try (Caller<String, String> asking = calls.near()) {
            for (int i = 0; i < 2; i++) {
                strangers.add(Waits.run(() -> refuseUntilClosed(calls.far(), refused)));
            }
            for (int i = 0; i < 2000 || refused.get() < 2000; i++) {
                assertThat(asking.call("question " + i, Children.PATIENCE))
                        .isEqualTo("question " + i);
            }
        }
        serving.value();
        responder.close();
        for (Waits<Void> stranger : strangers) {
            stranger.value();
        }
    }

    private static void refuseUntilClosed(Duplex<?, ?> ends, AtomicInteger refused) {
        try {
            while (true) {
                assertThatThrownBy(ends::tryReceive).isNotInstanceOf(EndClosed.class)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("belongs to a Responder");
                refused.incrementAndGet();
            }
        } catch (AssertionError over) {
            assertThatThrownBy(ends::tryReceive).isInstanceOf(EndClosed.class);
        }
    }

    private static <T extends AutoCloseable> void move(TypeToken<T> type, T end) throws Exception {
        try (Channel<T> channel = Channel.create(type)) {
            channel.sender().send(end);
        } catch (CodecFailed failure) {
            throw (Exception) failure.getCause();
        }
    }

    @SuppressWarnings("unchecked") // nothing is said that would have a type
    private static Caller<String, String> caller(Duplex<String, String> ends) {
        return new Caller<>((Link<Request<String>, Reply<String>>) (Link<?, ?>) ends);
    }

    @SuppressWarnings("unchecked") // nothing is said that would have a type
    private static Responder<String, String> responder(Duplex<String, String> ends) {
        return new Responder<>((Link<Reply<String>, Request<String>>) (Link<?, ?>) ends);
    }
}
