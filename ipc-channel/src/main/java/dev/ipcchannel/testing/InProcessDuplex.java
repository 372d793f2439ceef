package dev.ipcchannel.testing;

import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.Duplex;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.internal.base.Argument;

/// A pair of both sides of a conversation, for tests of programs, with faults on request in each
/// direction: see [InProcess].
///
/// Any thread may request faults at any time.
///
/// @param <O> the type of the messages of the near side
/// @param <I> the type of the messages of the far side
public final class InProcessDuplex<O, I> implements AutoCloseable {

    private final InProcess<O> toFar;
    private final InProcess<I> toNear;
    private final Duplex<O, I> near;
    private final Duplex<I, O> far;

    private InProcessDuplex(InProcess<O> toFar, InProcess<I> toNear) {
        this.toFar = toFar;
        this.toNear = toNear;
        this.near = new Duplex<>(toFar.sender(), toNear.receiver());
        this.far = new Duplex<>(toNear.sender(), toFar.receiver());
    }

    /// Makes two channels with the default options and pairs their ends. Throws what
    /// [dev.ipcchannel.Channel#create(Class)] throws.
    public static <O, I> InProcessDuplex<O, I> open(Class<O> out, Class<I> in) {
        return open(out, in, ChannelOptions.defaults());
    }

    /// Makes two channels and pairs their ends. Throws what [dev.ipcchannel.Channel#create(Class)]
    /// throws.
    public static <O, I> InProcessDuplex<O, I> open(Class<O> out, Class<I> in,
            ChannelOptions options) {
        Argument.given(out, "out");
        Argument.given(in, "in");
        return open(TypeToken.of(out), TypeToken.of(in), options);
    }

    /// Makes two channels for messages of generic types, with the default options, and pairs their
    /// ends. Throws what [dev.ipcchannel.Channel#create(Class)] throws.
    public static <O, I> InProcessDuplex<O, I> open(TypeToken<O> out, TypeToken<I> in) {
        return open(out, in, ChannelOptions.defaults());
    }

    /// Makes two channels for messages of generic types and pairs their ends. Throws what
    /// [dev.ipcchannel.Channel#create(Class)] throws.
    public static <O, I> InProcessDuplex<O, I> open(TypeToken<O> out, TypeToken<I> in,
            ChannelOptions options) {
        Argument.given(out, "out");
        Argument.given(in, "in");
        InProcess<O> there = InProcess.open(out, options);
        try {
            return new InProcessDuplex<>(there, InProcess.open(in, options));
        } catch (RuntimeException failure) {
            there.close();
            throw failure;
        }
    }

    /// One side.
    public Duplex<O, I> near() {
        return near;
    }

    /// The other side.
    public Duplex<I, O> far() {
        return far;
    }

    /// The channel from the near side to the far one, and its faults.
    public InProcess<O> toFar() {
        return toFar;
    }

    /// The channel from the far side to the near one, and its faults.
    public InProcess<I> toNear() {
        return toNear;
    }

    /// Kills the near side, both its ends: see [InProcess#killSender] and [InProcess#killReceiver].
    public void killNear() {
        toFar.killSender(); // first, since it does not wait
        toNear.killReceiver();
    }

    /// Kills the far side, both its ends: see [InProcess#killSender] and [InProcess#killReceiver].
    public void killFar() {
        toNear.killSender(); // first, since it does not wait
        toFar.killReceiver();
    }

    /// Closes all four ends. Ends that have moved to another process are not affected.
    @Override
    public void close() {
        toFar.close();
        toNear.close();
    }

    @Override
    public String toString() {
        return "InProcessDuplex[near=" + near + ", far=" + far + "]";
    }
}
