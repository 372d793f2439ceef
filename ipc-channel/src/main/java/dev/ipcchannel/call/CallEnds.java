package dev.ipcchannel.call;

import dev.ipcchannel.Channel;
import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.Codec;
import dev.ipcchannel.Duplex;
import dev.ipcchannel.TypeToken;
import java.util.List;

/// The two channels, as they are made, between a caller and a responder.
final class CallEnds {

    private CallEnds() {}

    /// Makes them, with the caller's side as the near one.
    static <Q, R> Duplex.Pair<Request<Q>, Reply<R>> create(TypeToken<Q> questions,
            TypeToken<R> answers, ChannelOptions options) {
        TypeToken<Request<Q>> requests = TypeToken.of(Request.class, List.of(questions));
        TypeToken<Reply<R>> replies = TypeToken.of(Reply.class, List.of(answers));
        Channel<Request<Q>> there = Channel.create(Codec.of(requests), options);
        try {
            Channel<Reply<R>> back = Channel.create(Codec.of(replies), options);
            return new Duplex.Pair<>(new Duplex<>(there.sender(), back.receiver()),
                    new Duplex<>(back.sender(), there.receiver()));
        } catch (RuntimeException failure) {
            there.close();
            throw failure;
        }
    }
}
