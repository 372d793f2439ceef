package dev.ipcchannel.testing;

import dev.ipcchannel.Codec;
import dev.ipcchannel.Decoder;
import dev.ipcchannel.Encoder;
import dev.ipcchannel.Sender;
import java.util.ArrayList;
import java.util.List;

/// A codec for messages of any number of senders.
public final class Senders implements Codec<List<Sender<String>>> {

    @Override
    public void encode(List<Sender<String>> message, Encoder out) {
        out.putInt(message.size());
        message.forEach(out::put);
    }

    @Override
    public List<Sender<String>> decode(Decoder in) {
        List<Sender<String>> senders = new ArrayList<>();
        for (int left = in.getInt(); left > 0; left--) {
            senders.add(in.get(Sender.kind(Codec.utf8())));
        }
        return senders;
    }
}
