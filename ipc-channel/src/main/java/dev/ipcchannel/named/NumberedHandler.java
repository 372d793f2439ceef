package dev.ipcchannel.named;

import dev.ipcchannel.CodecFailed;
import dev.ipcchannel.IpcException;
import dev.ipcchannel.MessageHandler;
import dev.ipcchannel.internal.base.Argument;
import dev.ipcchannel.internal.receive.Gaps;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// The handler of a [NumberedCodec]'s messages in place: it notes the number of each, notifies of
/// what is missing before it, and passes what comes after the number to the user's handler.
///
/// Used by one thread at a time, the one that receives. It is made once: nothing is allocated for a
/// message.
final class NumberedHandler implements MessageHandler {

    private static final ValueLayout.OfLong NUMBER =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final NumberedCodec<?> codec;
    private final Gaps gaps;
    private final LongConsumer sentBy = this::sentBy;
    private long sender; // of the message that comes next
    private @Nullable MessageHandler handler;

    NumberedHandler(NumberedCodec<?> codec, Gaps gaps) {
        this.codec = codec;
        this.gaps = gaps;
    }

    /// Readies it for the messages of one call. [#end] follows.
    void begin(MessageHandler next) {
        handler = next;
    }

    /// The call is over.
    void end() {
        handler = null;
    }

    /// The notification of which member has sent a message, before the message.
    LongConsumer sentBy() {
        return sentBy;
    }

    private void sentBy(long member) {
        sender = member;
    }

    @Override
    public void onMessage(MemorySegment memory, long offset, long length) {
        if (length < NumberedCodec.HEAD) {
            throw new CodecFailed(("a broadcast message is shorter than its number: name=%s,"
                    + " bytes=%d, needed=%d: have all senders of the name use IpcChannel")
                    .formatted(gaps.name(), length, NumberedCodec.HEAD));
        }
        codec.note(sender, memory.get(NUMBER, offset));
        gaps.tell();
        try {
            Argument.given(handler, "handler").onMessage(memory, offset + NumberedCodec.HEAD,
                    length - NumberedCodec.HEAD);
        } catch (IpcException failure) {
            throw new Thrown(failure);
        }
    }

    /// The failure of a user's handler, which is none of the channel that it handles a message of.
    static final class Thrown extends RuntimeException {

        private final IpcException failure;

        private Thrown(IpcException failure) {
            super(null, failure, false, false);
            this.failure = failure;
        }

        IpcException failure() {
            return failure;
        }
    }
}
