package dev.ipcchannel.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.Link;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.child.ChildAccess;
import dev.ipcchannel.child.ChildJvm;
import dev.ipcchannel.child.ChildLink;
import dev.ipcchannel.child.ChildProcess;
import dev.ipcchannel.child.Output;
import dev.ipcchannel.internal.base.GoAway;
import dev.ipcchannel.internal.base.Lifeline;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Waits;
import dev.ipcchannel.testing.children.UnixEchoChild;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The lifeline beside a link over a Unix socket: the messages that a child may send there, and the
/// child that they count for.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class UnixLifelineTest {

    private static final TypeToken<String> STRING = TypeToken.of(String.class);
    private static final int[] LIFELINE = {0, 0, 0, 1, 5};
    private static final int[] FAILED = {0, 0, 0, 5, 6, 7, 'w', 'h', 'y'};
    private static final int[] EXITING = {0, 0, 0, 2, 6, 5};

    @RegisterExtension
    final Children children = new Children();

    private final ChildProcess cat = UnixTalk.startCat();
    private final Transport.Listener<String, String> listener =
            Transport.unix().listen(STRING, STRING);

    @AfterEach
    void end() {
        listener.close();
        cat.kill();
    }

    @Test
    void childSaysThatItsJvmIsInDoubtBeforeItIsAccepted() throws Exception {
        try (SocketChannel raw = UnixTalk.connectRaw(listener.address())) {
            UnixTalk.sendRaw(raw, LIFELINE);
            UnixTalk.sendRaw(raw, FAILED);
            UnixTalk.assertGetsThrough(listener, cat);

            awaitFailure(cat);
        }
    }

    @Test
    void childSaysItLaterOn() throws Exception {
        try (SocketChannel raw = UnixTalk.connectRaw(listener.address())) {
            UnixTalk.sendRaw(raw, LIFELINE);
            UnixTalk.assertGetsThrough(listener, cat);
            Lifeline lifeline = ChildAccess.lifeline(cat);
            assertThat(lifeline).isNotNull();
            assertThat(lifeline.goAway()).isNotDone();

            UnixTalk.sendRaw(raw, FAILED);

            awaitFailure(cat);
            assertThat(lifeline.end()).isNotDone();
        }
    }

    @ParameterizedTest
    @MethodSource("undue")
    void anythingElseEndsTheLifelineAndNotTheLink(String what, int[] bytes) throws Exception {
        try (SocketChannel raw = UnixTalk.connectRaw(listener.address())) {
            UnixTalk.sendRaw(raw, LIFELINE);
            UnixTalk.sendRaw(raw, FAILED);
            Waits<Link<String, String>> connect = Waits.in(
                    () -> Transport.unix().connect(listener.address(), STRING, STRING));
            try (Link<String, String> link = listener.accept(cat.awaited(), Children.PATIENCE);
                    Link<String, String> other = connect.value()) {
                awaitFailure(cat);

                UnixTalk.sendRaw(raw, bytes);

                UnixTalk.assertEnd(raw);
                other.send("goes on");
                assertThat(link.receive()).as(what).isEqualTo("goes on");
            }
        }
    }

    static Stream<Arguments> undue() {
        return Stream.of(
                Arguments.of("the same again", FAILED),
                Arguments.of("another reason", new int[]{0, 0, 0, 2, 6, 3}),
                Arguments.of("no reason", new int[]{0, 0, 0, 1, 6}),
                Arguments.of("a message", new int[]{0, 0, 0, 2, 0, 'x'}),
                Arguments.of("a farewell", new int[]{0, 0, 0, 1, 4}),
                Arguments.of("a second beginning", LIFELINE));
    }

    @Test
    void eachReasonIsReportedOnce() throws Exception {
        try (SocketChannel raw = UnixTalk.connectRaw(listener.address())) {
            UnixTalk.sendRaw(raw, LIFELINE);
            UnixTalk.assertGetsThrough(listener, cat);
            Lifeline lifeline = ChildAccess.lifeline(cat);
            assertThat(lifeline).isNotNull();

            UnixTalk.sendRaw(raw, EXITING);
            UnixTalk.sendRaw(raw, FAILED);
            UnixTalk.awaitRound();
            assertThat(lifeline.end()).isNotDone();
            UnixTalk.sendRaw(raw, EXITING);

            UnixTalk.assertEnd(raw);
            assertThat(lifeline.goAway()).isCompletedWithValue(GoAway.EXITING);
        }
    }

    @Test
    void lifelineOfAnotherProcessSaysNothingOfTheChild() throws Exception {
        try (Intruder intruder = new Intruder();
                ChildLink<String, String> link = ChildJvm.of(UnixEchoChild.class).shortLived()
                        .noClassArchive().transport(intruder).output(Output.capture())
                        .errors(Output.capture()).start(String.class, String.class)) {
            intruder.say(FAILED);
            intruder.say(FAILED); // many, so that the first one is read when the end is here
            intruder.awaitEnd();

            assertThat(ChildAccess.lifeline(link.process())).isNotNull();
            assertThat(ChildAccess.failure(link.process())).isNull();
            link.send("tea");
            assertThat(link.receive()).isEqualTo("tea");
        }
    }

    private static void awaitFailure(ChildProcess child) {
        await("it is heard").atMost(Children.PATIENCE)
                .until(() -> "why".equals(ChildAccess.failure(child)));
    }

    /// The library's transport, with a connection of this process that claims to be the child's
    /// lifeline.
    private static final class Intruder implements Transport, AutoCloseable {

        private @Nullable SocketChannel raw;

        @Override
        public String name() {
            return Transport.unix().name();
        }

        @Override
        public <O, I> Listener<O, I> listen(TypeToken<O> out, TypeToken<I> in) {
            Listener<O, I> listener = Transport.unix().listen(out, in);
            try {
                raw = UnixTalk.connectRaw(listener.address()); // before the child is started
                say(LIFELINE);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
            return listener;
        }

        @Override
        public <O, I> Link<O, I> connect(String address, TypeToken<O> out, TypeToken<I> in) {
            throw new AssertionError("the child has the library's own");
        }

        void say(int[] bytes) throws IOException {
            UnixTalk.sendRaw(raw(), bytes);
        }

        void awaitEnd() {
            UnixTalk.assertEnd(raw());
        }

        private SocketChannel raw() {
            return Objects.requireNonNull(raw);
        }

        @Override
        public void close() throws IOException {
            raw().close();
        }
    }
}
