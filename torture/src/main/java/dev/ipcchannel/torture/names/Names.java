package dev.ipcchannel.torture.names;

import dev.ipcchannel.torture.Budget;
import dev.ipcchannel.torture.ChildRole;
import dev.ipcchannel.torture.Findings;
import dev.ipcchannel.torture.Storm;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/// The storm of processes that connect by name: they come, go, and are killed, stopped and
/// continued. Each message must be received by exactly the receivers that have to get it. Each
/// question may be begun only as often as allowed, and its caller must get its outcome. No signal
/// may be lost.
public final class Names implements Storm {

    /// The number of names.
    static final int NAMES = 3;
    /// The bytes of a ring.
    static final int CAPACITY = 4096;
    /// The time that an open and a leave wait for silent counterparts.
    static final Duration SILENCE = Duration.ofSeconds(2);
    /// A call shorter than this has not given up on any counterpart.
    static final Duration SURE = Duration.ofMillis(1900);
    /// The longest wait for what has to come.
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final int DESCRIPTORS = 256; // of a poor process, which a hoard of its takes
    private static final Duration SHORT_ROUND = Duration.ofSeconds(3);
    private static final Duration LONG_ROUND = Duration.ofSeconds(8);

    @Override
    public String name() {
        return "names";
    }

    @Override
    public String aim() {
        return "members of names that come, go, are killed and stopped: each message reaches all"
                + " receivers that know its sender, or none, each question is begun once, each"
                + " signal is counted";
    }

    /// The name that a line's end has open.
    static String name(Book.Line line) {
        return "torture " + line.name();
    }

    /// Whether a process neither sends nor serves, and has few descriptors where the machine allows
    /// that.
    static boolean isPoor(int process) {
        return process % Round.AT_ONCE == Round.AT_ONCE - 1;
    }

    @Override
    public void run(Budget budget, Findings findings) throws Exception {
        List.of(Round.KILLS, Round.KILLED_SENDING, Round.KILLED_OPENING, Round.KILLED_TAKING,
                Round.STOPS, Accounts.ENDED, Accounts.UNDER_WAY, SendingMember.LONG,
                SendingMember.IN_PLACE, SendingMember.TIMED_OUT, SendingMember.INTERRUPTED,
                SendingMember.CLOSED, SendingMember.ALONE, TakingMember.LEFT, TakingMember.STAYED,
                TakingMember.STARTED, TakingMember.STOPPED, SendingMember.READY,
                SendingMember.NOT_READY, Round.KILLED_SERVING, Round.KILLED_ASKING,
                Round.KILLED_SIGNALLING, ServingMember.SERVED, AskingMember.ANSWERED,
                AskingMember.CUT, AskingMember.LATE, AskingMember.FAILED, AskingMember.CANCELLED,
                SignallingMember.SIGNALLED, SignallingMember.RECEIVED, SignallingMember.WHOLE)
                .forEach(findings::aim);
        List<String> poverty = poverty(findings);
        SplittableRandom random = budget.random();
        while (budget.isLeft() || (budget.isExtended() && findings.isAimMissing())) {
            new Round(random.split(), findings, MemberChild.class, poverty,
                    book -> new Accounts(book, findings).check())
                    .run(roundOf(budget), budget.isShort());
        }
    }

    /// The duration of a round.
    static Duration roundOf(Budget budget) {
        return budget.isShort() ? SHORT_ROUND : LONG_ROUND;
    }

    /// The program that leaves a process few descriptors; empty where there is none.
    private static List<String> poverty(Findings findings)
            throws InterruptedException {
        List<String> words = List.of("prlimit", "--nofile=%d:%1$d".formatted(DESCRIPTORS));
        List<String> lacks = List.of(TakingMember.REFUSED, TakingMember.SHORT);
        if (ChildRole.canRun(words.getFirst(), "-V")) {
            lacks.forEach(findings::aim);
            return words;
        }
        lacks.forEach(lack -> findings.leftOut(lack, "there is no program prlimit"));
        return List.of();
    }
}
