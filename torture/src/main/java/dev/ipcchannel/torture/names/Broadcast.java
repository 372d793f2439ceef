package dev.ipcchannel.torture.names;

import dev.ipcchannel.named.ChannelType;
import dev.ipcchannel.torture.Budget;
import dev.ipcchannel.torture.Findings;
import dev.ipcchannel.torture.Storm;
import java.util.List;
import java.util.SplittableRandom;

/// Processes that have broadcast channels open, by every policy for slow readers, come, go, are
/// killed, stopped and continued: by the numbers of its messages, each that a receiver does not get
/// is one that its sender says it has dropped.
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

    /// How the name of an end is open.
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
