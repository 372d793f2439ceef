package dev.ipcchannel.testing.children;

import dev.ipcchannel.Channel;
import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.OneShotServer;
import dev.ipcchannel.Receiver;
import dev.ipcchannel.Sender;
import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/// A child that sends numbers on as many channels as its second argument says, each with a ring of
/// 4 KiB, in the manner that its third argument names.
public final class ChoirChild {

    /// The manners of sending.
    public enum Manner {

        /// As many numbers on each channel as the fourth argument says; then "sung", and a wait for
        /// the cue.
        BURST,

        /// Numbers until it is killed, on all channels in turn. The file that the fourth argument
        /// names has the count of committed numbers of each channel, a long each; it survives the
        /// kill.
        STREAM,

        /// As many numbers as the fourth argument says on the first channel, and after each
        /// [#APART] of them one number on another channel, the next one of the first; then it ends.
        SOLO
    }

    /// How many numbers of a solo there are between two on other channels.
    public static final int APART = 1000;

    private ChoirChild() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        ChannelOptions options = ChannelOptions.defaults().withCapacity(4096);
        List<Sender<Long>> senders = new ArrayList<>();
        List<Receiver<Long>> voices = new ArrayList<>();
        for (int i = 0; i < Integer.parseInt(arguments[1]); i++) {
            Channel<Long> channel = Channel.create(Long.class, options);
            senders.add(channel.sender());
            voices.add(channel.receiver());
        }
        try (Sender<Choir> parent = OneShotServer.connect(arguments[0], Choir.class)) {
            parent.send(new Choir(voices));
        }
        switch (Manner.valueOf(arguments[2])) {
            case BURST -> burst(senders, Long.parseLong(arguments[3]));
            case STREAM -> stream(senders, Path.of(arguments[3]));
            case SOLO -> solo(senders, Long.parseLong(arguments[3]));
        }
    }

    private static void burst(List<Sender<Long>> senders, long count)
            throws IOException, InterruptedException {
        for (long number = 0; number < count; number++) {
            for (Sender<Long> sender : senders) {
                sender.send(number);
            }
        }
        System.out.println("sung");
        Talker.awaitCue();
        senders.forEach(Sender::close);
    }

    private static void stream(List<Sender<Long>> senders, Path counts)
            throws IOException, InterruptedException {
        try (FileChannel file = FileChannel.open(counts, StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
            MappedByteBuffer committed = file.map(FileChannel.MapMode.READ_WRITE, 0,
                    (long) Long.BYTES * senders.size());
            for (long number = 0;; number++) {
                for (int i = 0; i < senders.size(); i++) {
                    senders.get(i).send(number);
                    committed.putLong(i * Long.BYTES, number + 1);
                }
            }
        }
    }

    private static void solo(List<Sender<Long>> senders, long count) throws InterruptedException {
        for (long number = 0; number < count; number++) {
            if (number % APART == 0) {
                long turn = number / APART % (senders.size() - 1);
                senders.get(1 + (int) turn).send(number);
            }
            senders.getFirst().send(number);
        }
        senders.forEach(Sender::close);
    }
}
