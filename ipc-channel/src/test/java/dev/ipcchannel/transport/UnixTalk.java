package dev.ipcchannel.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.Codec;
import dev.ipcchannel.Link;
import dev.ipcchannel.SendOutcome;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.child.ChildJvm;
import dev.ipcchannel.child.ChildProcess;
import dev.ipcchannel.child.Output;
import dev.ipcchannel.internal.base.Refusal;
import dev.ipcchannel.internal.stream.SocketFrame;
import dev.ipcchannel.internal.stream.SocketHello;
import dev.ipcchannel.internal.stream.UnixLoop;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Waits;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;

/// A link between a parent and its child over a Unix socket, both in the test's process. The
/// child's process is a `cat`, which ends with its standard input.
///
/// @param child the process
/// @param parent the parent's side
/// @param other the child's side
/// @param <O> the messages of the parent
/// @param <I> the messages to the parent
public record UnixTalk<O, I>(ChildProcess child, Link<O, I> parent, Link<I, O> other)
        implements AutoCloseable {

    private static final int MESSAGE = 100_000;
    private static final int MAX_UNREAD = 8 << 20; // bytes, see Inflow

    static UnixTalk<String, String> open() throws InterruptedException {
        return open(UnixTransport.INSTANCE, String.class, String.class);
    }

    static <O, I> UnixTalk<O, I> open(UnixTransport transport, Class<O> out, Class<I> in)
            throws InterruptedException {
        return open(startCat(), transport, out, in);
    }

    /// The same with another process as the child.
    static UnixTalk<String, String> of(ChildProcess child) throws InterruptedException {
        return open(child, UnixTransport.INSTANCE, String.class, String.class);
    }

    private static <O, I> UnixTalk<O, I> open(ChildProcess child, UnixTransport transport,
            Class<O> out, Class<I> in) throws InterruptedException {
        try (Transport.Listener<O, I> listener =
                transport.listen(TypeToken.of(out), TypeToken.of(in))) {
            String address = listener.address();
            Waits<Link<I, O>> other = Waits.in(
                    () -> transport.connect(address, TypeToken.of(in), TypeToken.of(out)));
            Link<O, I> parent = listener.accept(child.awaited(), Children.PATIENCE);
            return new UnixTalk<>(child, parent, other.value());
        }
    }

    /// Asserts that a child can still connect, and that its message arrives.
    static void assertGetsThrough(Transport.Listener<String, String> listener, ChildProcess child)
            throws InterruptedException {
        TypeToken<String> string = TypeToken.of(String.class);
        Waits<Link<String, String>> connect = Waits.in(
                () -> Transport.unix().connect(listener.address(), string, string));
        try (Link<String, String> link = listener.accept(child.awaited(), Children.PATIENCE);
                Link<String, String> other = connect.value()) {
            other.send("hello");
            assertThat(link.receive()).isEqualTo("hello");
        }
    }

    static ChildProcess startCat() {
        return ChildJvm.ofCommand("cat").output(Output.capture()).errors(Output.capture()).start();
    }

    /// Connects without the library.
    static SocketChannel connectRaw(String address) throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(address));
    }

    /// Sends bytes as they are.
    static void sendRaw(SocketChannel socket, int... bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes.length);
        for (int one : bytes) {
            buffer.put((byte) one);
        }
        buffer.flip();
        while (buffer.hasRemaining()) {
            socket.write(buffer);
        }
    }

    static void send(SocketChannel socket, SocketFrame frame) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes(frame));
        while (buffer.hasRemaining()) {
            socket.write(buffer);
        }
    }

    /// All bytes of a frame, as docs/wire-format.md has them.
    static byte[] bytes(SocketFrame frame) {
        byte[] bytes = frame.bytes();
        return ByteBuffer.allocate(Integer.BYTES + 1 + bytes.length).putInt(1 + bytes.length)
                .put(frame.kind().number()).put(bytes).array();
    }

    /// The greeting of a child that sends and receives strings.
    static SocketFrame greeting() {
        return SocketHello.of(Codec.utf8().description(), Codec.utf8().description()).toFrame();
    }

    /// Sends until there is no room: the other side's store of unread messages and the socket are
    /// full.
    static int fill(UnixTalk<String, String> talk) throws InterruptedException {
        String message = "x".repeat(MESSAGE);
        UnixLoop loop = UnixLoop.enter();
        int sent = 0;
        // With that many unread, the loop reads no more; what it still does takes one round.
        for (int refusals = 0; refusals < 2 || unread(talk.other()) <= MAX_UNREAD / MESSAGE;) {
            awaitRound(loop);
            boolean isSent = talk.parent().trySend(message) == SendOutcome.SENT;
            sent += isSent ? 1 : 0;
            refusals = isSent ? 0 : refusals + 1;
        }
        loop.leave();
        return sent;
    }

    /// Waits until the loop's thread has done its earlier tasks.
    private static void awaitRound(UnixLoop loop) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        assertThat(loop.execute(done::countDown)).isTrue();
        done.await();
    }

    /// Waits until the loop's thread has read the bytes that have come.
    static void awaitRound() throws InterruptedException {
        UnixLoop loop = UnixLoop.enter();
        try {
            awaitRound(loop); // it may have been in the middle of a round
            awaitRound(loop);
        } finally {
            loop.leave();
        }
    }

    private static int unread(Link<?, ?> link) {
        String text = link.toString();
        return Integer.parseInt(text.substring(text.indexOf("unread=") + 7, text.length() - 1));
    }

    /// Does something while the loop's thread serves no socket.
    public static void whileTheLoopIsHeld(Waits.Action action) throws Exception {
        UnixLoop loop = UnixLoop.enter();
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch free = new CountDownLatch(1);
        loop.execute(() -> {
            held.countDown();
            await(free);
        });
        try {
            held.await();
            action.run();
        } finally {
            free.countDown();
            loop.leave();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException impossible) {
            throw new AssertionError(impossible);
        }
    }

    static void drain(UnixTalk<String, String> talk, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            assertThat(talk.other().receive(Children.PATIENCE)).hasSize(MESSAGE);
        }
    }

    static void assertEnd(SocketChannel stranger) {
        try {
            assertThat(stranger.read(ByteBuffer.allocate(1))).isEqualTo(-1);
        } catch (IOException reset) { // its bytes were not read
            assertThat(reset).hasMessageContaining("reset");
        }
    }

    /// Asserts that a client is refused with that reason, and its connection ended.
    static void assertRefusedAndEnded(SocketChannel refused, String reason) {
        byte[] received = readAll(refused);
        assertThat(received).isEqualTo(bytes(new SocketFrame(SocketFrame.Kind.REFUSAL,
                Arrays.copyOfRange(received, SocketFrame.HEADER, received.length))));
        assertThat(Refusal.read(Arrays.copyOfRange(received, SocketFrame.HEADER, received.length)))
                .isEqualTo(new Refusal(false, reason));
    }

    /// The bytes up to the end.
    static byte[] readAll(SocketChannel socket) {
        ByteBuffer all = ByteBuffer.allocate(10_000);
        try {
            while (socket.read(all) >= 0) {
                // there is more
            }
        } catch (IOException reset) {
            assertThat(reset).hasMessageContaining("reset");
        }
        return Arrays.copyOf(all.array(), all.position());
    }

    @Override
    public void close() {
        parent.close();
        other.close();
        child.kill();
    }
}
