package dev.ipcchannel.testing.children;

import dev.ipcchannel.Channel;
import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.Codec;
import dev.ipcchannel.Decoder;
import dev.ipcchannel.Encoder;
import dev.ipcchannel.IpcException;
import dev.ipcchannel.OneShotServer;
import dev.ipcchannel.Sender;
import dev.ipcchannel.testing.Senders;
import java.io.IOException;
import java.util.List;

/// A child that receives one message of many senders and prints the result.
public final class PoorChild {

    /// The codec of the end that it hands over: a sender of messages of senders.
    public static final Codec<Sender<List<Sender<String>>>> CODEC = new Codec<>() {
        @Override
        public void encode(Sender<List<Sender<String>>> message, Encoder out) {
            out.put(message);
        }

        @Override
        public Sender<List<Sender<String>>> decode(Decoder in) {
            return in.get(Sender.kind(new Senders()));
        }
    };

    private PoorChild() {}

    public static void main(String[] arguments)
            throws ClassNotFoundException, IOException, InterruptedException {
        Talker.loadLibrary();
        try (Channel<List<Sender<String>>> channel =
                Channel.create(new Senders(), ChannelOptions.defaults())) {
            try (Sender<Sender<List<Sender<String>>>> parent =
                    OneShotServer.connect(arguments[0], CODEC)) {
                parent.send(channel.sender());
            }
            System.out.println("received " + channel.receiver().receive().size());
        } catch (IpcException failure) {
            System.out.println(failure.getClass().getSimpleName() + ": " + failure.getMessage());
        }
    }
}
