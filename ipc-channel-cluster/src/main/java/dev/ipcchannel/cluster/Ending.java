package dev.ipcchannel.cluster;

import dev.ipcchannel.CallFailed;
import dev.ipcchannel.Codec;
import dev.ipcchannel.CodecFailed;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.MessageTooLarge;
import dev.ipcchannel.ResourceExhausted;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.WorkerDied;
import java.util.List;
import java.util.concurrent.CancellationException;

/// The end of a job, as its node reports it.
sealed interface Ending {

    Codec<Ending> CODEC = Codec.of(Ending.class);

    /// An answer.
    @SuppressWarnings("ArrayRecordComponent") // bytes on their way, never compared
    record Answered(byte[] value) implements Ending {}

    /// It was done, and no answer was wanted.
    record Done() implements Ending {}

    /// The worker has thrown something.
    record Threw(String process, String type, String message, List<String> stack)
            implements Ending {}

    /// The worker has died, as the kernel of its machine says.
    record Died(boolean hasStarted, String message) implements Ending {}

    /// It has failed otherwise.
    record Failed(Kind kind, String message) implements Ending {}

    /// A kind of failure that is only a sentence.
    enum Kind {
        /// Its time was over.
        TIMED_OUT,
        /// A value could not be turned into bytes, or read.
        CODEC,
        /// A value is too long.
        TOO_LARGE,
        /// Memory or the like has run out.
        EXHAUSTED,
        /// It was cancelled, or its node was closed.
        CANCELLED
    }

    /// The end of a job that has failed at a node.
    ///
    /// @param node as a person knows it
    static Ending of(Throwable failure, String node) {
        return switch (failure) {
            case CallFailed threw -> new Threw("%s of %s".formatted(threw.remoteProcess(), node),
                    threw.remoteType(), threw.remoteMessage(), threw.remoteStack());
            case WorkerDied died -> new Died(died.hasStarted(), at(node, died));
            case TimedOut _ -> new Failed(Kind.TIMED_OUT, at(node, failure));
            case CodecFailed _ -> new Failed(Kind.CODEC, at(node, failure));
            case MessageTooLarge _ -> new Failed(Kind.TOO_LARGE, at(node, failure));
            case EndClosed _ ->
                    new Died(true, "%s was closed while it did this job".formatted(node));
            case CancellationException _ -> new Failed(Kind.CANCELLED, at(node, failure));
            default -> new Failed(Kind.EXHAUSTED, at(node, failure));
        };
    }

    private static String at(String node, Throwable failure) {
        return "at %s: %s".formatted(node, failure.getMessage());
    }

    /// The exception for the one that has asked, or null if there is an answer or none was wanted.
    default RuntimeException exception() {
        return switch (this) {
            case Threw threw -> new CallFailed(threw.process(), threw.type(), threw.message(),
                    threw.stack());
            case Died died -> new WorkerDied(died.message(), died.hasStarted(), null, null);
            case Failed failed -> switch (failed.kind()) {
                case TIMED_OUT -> new TimedOut(failed.message());
                case CODEC -> new CodecFailed(failed.message());
                case TOO_LARGE -> new MessageTooLarge(failed.message());
                case EXHAUSTED -> new ResourceExhausted(failed.message());
                case CANCELLED -> new CancellationException(failed.message());
            };
            case Answered _,Done _ -> throw new IllegalStateException("it has not failed");
        };
    }
}
