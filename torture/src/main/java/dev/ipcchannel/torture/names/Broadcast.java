package dev.ipcchannel.torture.names;

import dev.ipcchannel.named.ChannelType;
import dev.ipcchannel.torture.Budget;
import dev.ipcchannel.torture.Findings;
import dev.ipcchannel.torture.Storm;
import java.util.List;
import java.util.SplittableRandom;

/// The storm of processes with broadcast channels, by every policy for slow readers: they come, go,
/// and are killed, stopped and continued. The numbers of the messages show that each message that a
/// receiver misses is one that its sender reports as dropped.
public final class Broadcast implements Storm {

    private static final int ROUTE = Names.NAMES - 1; // the name that has one sender at a time

    @Override
    public String name() {
        return "broadcast";
    }

    @Override
    public String aim() {
        return "broadcast by every policy for slow readers, while members come, go, are killed and"
                + " stopped: each message received, or counted as dropped on both sides";
    }

    /// The type with which an end opens its name.
    static ChannelType type(Book.Line line) {
        return line.name() == ROUTE ? ChannelType.ROUTE : ChannelType.CHANNEL;
    }

    @Override
    public void run(Budget budget, Findings findings) throws Exception {
        List.of(Round.KILLS, Round.KILLED_SENDING, Round.KILLED_TAKING, Round.STOPS,
                BroadcastAccounts.WHOLE, BroadcastAccounts.COUNTED, BroadcastSender.TIMED_OUT,
                BroadcastSender.FAILED, BroadcastSender.DROPPED_NEWEST,
                BroadcastSender.DROPPED_OLDEST, BroadcastSender.ALONE, BroadcastSender.REFUSED,
                BroadcastTaker.GAPS, BroadcastTaker.CUT_OFF, BroadcastTaker.STAYED)
                .forEach(findings::aim);
        SplittableRandom random = budget.random();
        while (budget.isLeft() || (budget.isExtended() && findings.isAimMissing())) {
            new Round(random.split(), findings, BroadcastChild.class, List.of(),
                    book -> new BroadcastAccounts(book, findings).check())
                    .run(Names.roundOf(budget), budget.isShort());
        }
    }
}
