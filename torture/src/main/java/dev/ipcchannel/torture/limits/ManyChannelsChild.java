package dev.ipcchannel.torture.limits;

import dev.ipcchannel.Channel;
import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.select.ReceiverEvent;
import dev.ipcchannel.select.ReceiverSet;
import dev.ipcchannel.torture.Findings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// A child that opens thousands of channels at once, selects from all, and closes them.
public final class ManyChannelsChild {

    static final String NAME = "many channels";

    private ManyChannelsChild() {}

    /// Runs the child; the arguments are the file for its findings and the number of channels.
    public static void main(String[] arguments) throws IOException {
        Limit.main(arguments[0], findings -> open(Integer.parseInt(arguments[1]), findings));
    }

    private static void open(int count, Findings findings)
            throws IOException, InterruptedException {
        Walk walk = Walk.prepare(findings);
        List<Channel<String>> channels = new ArrayList<>();
        try (ReceiverSet<String> set = ReceiverSet.open()) {
            for (int i = 0; i < count; i++) {
                Channel<String> channel = Channel.create(String.class,
                        ChannelOptions.defaults().withCapacity(4096));
                channels.add(channel);
                set.add(channel.receiver());
                channel.sender().send("number " + i, Steps.PATIENCE);
            }
            findings.count(NAME + ": open at once", count);
            Set<String> messages = new HashSet<>();
            while (messages.size() < count) {
                List<ReceiverEvent<String>> events = set.select(Steps.PATIENCE);
                if (events.isEmpty()) {
                    findings.fault("%d of %d messages came".formatted(messages.size(), count));
                    break;
                }
                for (ReceiverEvent<String> event : events) {
                    note(event, messages, findings);
                }
            }
            findings.count(NAME + ": messages selected", messages.size());
        }
        walk.clean("with %d channels open".formatted(count));
        channels.forEach(Channel::close);
        walk.checkNothingLeft("after %d channels".formatted(count));
    }

    private static void note(ReceiverEvent<String> event, Set<String> messages,
            Findings findings) {
        if (!(event instanceof ReceiverEvent.Message<String>(_, String message))) {
            findings.fault("an event that is no message: " + event);
        } else if (!messages.add(message)) {
            findings.fault("a message came twice: " + message);
        }
    }
}
