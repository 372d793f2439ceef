package dev.ipcchannel.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.Channel;
import dev.ipcchannel.Codec;
import dev.ipcchannel.Duplex;
import dev.ipcchannel.Link;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.call.Reply;
import dev.ipcchannel.call.Request;
import dev.ipcchannel.call.Responder;
import dev.ipcchannel.child.ChildJvm;
import dev.ipcchannel.internal.job.Outcome;
import dev.ipcchannel.internal.job.Task;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.transport.AwaitedChild;
import dev.ipcchannel.transport.Transport;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Workers in the hands of a test: their processes only sleep, and what they say is said by a
/// [Puppet] in this JVM, so that everything happens when the test wants it. A program of a test's
/// has this one, for JUnit is not on its class path; a test has a [StageExtension].
class Stage implements Transport, AutoCloseable {

    private final BlockingQueue<Puppet<?, ?>> entered = new LinkedBlockingQueue<>();
    private final Queue<Puppet<?, ?>> all = new ConcurrentLinkedQueue<>();
    private volatile @Nullable CountDownLatch curtain; // no worker comes in while it is there

    /// How to start a worker that comes here.
    ChildJvm worker() {
        return ChildJvm.ofCommand("sleep", "1000").grace(Duration.ZERO).transport(this);
    }

    /// A set of `count` such workers that is not yet started.
    WorkerSetBuilder<String, String> set(int count) {
        return WorkerSet.builder(String.class, String.class).worker(worker()).workerCount(count);
    }

    /// The next worker that is there.
    Puppet<String, String> enter() throws InterruptedException {
        return enter(String.class, String.class);
    }

    /// The same of a set of other types.
    @SuppressWarnings("unchecked") // the test knows what its set is made of
    <Q, R> Puppet<Q, R> enter(Class<Q> data, Class<R> answers) throws InterruptedException {
        Puppet<?, ?> next = entered.poll(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(next).as("a worker that comes in time").isNotNull();
        return (Puppet<Q, R>) next;
    }

    /// The next worker that is there, if one comes soon.
    @SuppressWarnings("unchecked") // as above
    @Nullable
    Puppet<String, String> poll() throws InterruptedException {
        return (Puppet<String, String>) entered.poll(10, TimeUnit.MILLISECONDS);
    }

    /// Lets no worker in until [#open].
    void shut() {
        curtain = new CountDownLatch(1);
    }

    void open() {
        CountDownLatch shut = curtain;
        curtain = null;
        if (shut != null) {
            shut.countDown();
        }
    }

    @Override
    public String name() {
        return "stage";
    }

    @Override
    public <O, I> Listener<O, I> listen(TypeToken<O> out, TypeToken<I> in) {
        return new Listener<>() {

            @Override
            public String address() {
                return "here";
            }

            @Override
            public Link<O, I> accept(Duration timeout) {
                throw new UnsupportedOperationException("a puppet is a child's");
            }

            @Override
            public Link<O, I> accept(AwaitedChild child, Duration timeout)
                    throws InterruptedException {
                CountDownLatch shut = curtain;
                if (shut != null) {
                    shut.await();
                }
                return admit(child, Channel.create(Codec.of(out)), Channel.create(Codec.of(in)));
            }

            @Override
            public void close() {
                // there is nothing of it
            }
        };
    }

    @SuppressWarnings("unchecked") // a set asks for requests and replies, and for nothing else
    private <O, I> Link<O, I> admit(AwaitedChild child, Channel<O> there, Channel<I> back) {
        var far = (Link<Reply<Outcome<Object>>, Request<Task<Object>>>) (Link<?, ?>) new Duplex<>(
                back.sender(), there.receiver());
        PropLink<O, I> near = new PropLink<>(new Duplex<>(there.sender(), back.receiver()));
        Puppet<Object, Object> puppet = new Puppet<>(child, new Responder<>(far), near);
        all.add(puppet);
        entered.add(puppet);
        return near;
    }

    @Override
    public <O, I> Link<O, I> connect(String address, TypeToken<O> out, TypeToken<I> in) {
        throw new UnsupportedOperationException("nobody comes from another process");
    }

    /// Lets go of what the puppets have.
    @Override
    public void close() {
        open();
        all.forEach(puppet -> puppet.responder().close());
    }
}
