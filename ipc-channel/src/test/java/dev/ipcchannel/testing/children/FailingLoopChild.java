package dev.ipcchannel.testing.children;

import dev.ipcchannel.Link;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.call.Reply;
import dev.ipcchannel.call.Request;
import dev.ipcchannel.testing.ForwardingLink;
import dev.ipcchannel.transport.Transport;
import dev.ipcchannel.worker.Job;
import dev.ipcchannel.worker.Worker;

/// A worker whose loop, not a job, has an error: when it waits for the next job, has taken it, or
/// answers one. Every job returns the pid, and a job with one of these names makes the loop fail.
public final class FailingLoopChild {

    /// The loop fails instead of waiting for the job after this one.
    public static final String BEFORE_THE_NEXT = "before the next";

    /// The loop fails once it has taken the job after this one, and not begun it.
    public static final String WITH_THE_NEXT = "with the next";

    /// The loop fails when it answers this one.
    public static final String IN_THE_ANSWER = "in the answer";

    private static volatile String cue = "";

    private FailingLoopChild() {}

    /// Works until the set is closed.
    ///
    /// @param arguments the name of the transport, and anything else if it is to receive its jobs
    /// by itself
    public static void main(String[] arguments) throws InterruptedException {
        Transport transport = arguments[0].equals(Transport.unix().name()) ? Transport.unix()
                : Transport.shm();
        try (Worker<String, Long> worker =
                Worker.connect(new FailingTransport(transport), String.class, Long.class)) {
            if (arguments.length == 1) {
                worker.serve((job, _) -> answer(job));
                return;
            }
            while (worker.receive() instanceof Job.Bidirectional<String, Long> next) {
                next.reply().send(answer(next.data()));
            }
        }
    }

    private static long answer(String job) {
        cue = job;
        return ProcessHandle.current().pid();
    }

    private record FailingTransport(Transport transport) implements Transport {

        @Override
        public String name() {
            return transport.name();
        }

        @Override
        public <O, I> Listener<O, I> listen(TypeToken<O> out, TypeToken<I> in) {
            return transport.listen(out, in);
        }

        @Override
        public <O, I> Link<O, I> connect(String address, TypeToken<O> out, TypeToken<I> in)
                throws InterruptedException {
            return new FailingLink<>(transport.connect(address, out, in));
        }
    }

    private record FailingLink<O, I>(Link<O, I> ends) implements ForwardingLink<O, I> {

        private static void failIf(boolean isDue) {
            if (isDue) {
                throw new OutOfMemoryError("of the loop");
            }
        }

        @Override
        public void send(O message) throws InterruptedException {
            failIf(cue.equals(IN_THE_ANSWER) && !(message instanceof Reply.Part<?>));
            ends.send(message);
        }

        @Override
        public I receive() throws InterruptedException {
            failIf(cue.equals(BEFORE_THE_NEXT));
            I message = ends.receive();
            failIf(cue.equals(WITH_THE_NEXT) && message instanceof Request.Ask<?>);
            return message;
        }

        @Override
        public Link<O, I> ownedBy(String owner) {
            return new FailingLink<>(ends.ownedBy(owner));
        }

    }
}
