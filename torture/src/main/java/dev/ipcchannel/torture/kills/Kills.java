package dev.ipcchannel.torture.kills;

import dev.ipcchannel.torture.Budget;
import dev.ipcchannel.torture.Findings;
import dev.ipcchannel.torture.Storm;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;

/// The storm that kills processes in every state of a channel. It checks that each message they
/// committed arrives whole, once and in order, that every other side is notified, and that nothing
/// is left.
public final class Kills implements Storm {

    /// The longest wait of a side for a message that has to come.
    static final Duration PATIENCE = Duration.ofSeconds(20);

    static final long SHORT_MICROS = 2_000;
    static final long LONG_MICROS = 40_000;
    /// The longest wait of a kill for the state that it aims at.
    static final Duration AIMING = Duration.ofSeconds(1);
    static final long LOOK_MICROS = 50;

    static final String KILLS = "processes killed in traffic";
    static final String MESSAGES = "messages received and checked, to the last one committed";
    static final String ASLEEP = "threads that slept inside a call when they were killed";
    static final String HEARD = "handshake: killed after its first message";
    static final String IN_CONNECT = "handshake: killed inside connect";
    static final String IN_FIRST_SEND = "handshake: killed between connect and its first message";

    private static final String VICTIM_OF_TWO =
            "two children: the one that made the channels killed";
    private static final String OTHER_OF_TWO = "two children: the one that got the ends killed";
    private static final String BOTH_OF_TWO = "two children: both killed at once";

    private static final int AT_ONCE = 4; // parts of one trial
    private static final int FORMS = 6;

    @Override
    public String name() {
        return "kills";
    }

    @Override
    public String aim() {
        return "SIGKILL in every state: no committed message is lost, torn, doubled or reordered,"
                + " every process that waits is notified, and nothing is left over";
    }

    @Override
    public void run(Budget budget, Findings findings) throws Exception {
        Part.all().forEach(part -> findings.aim(part.aim()));
        List.of(HEARD, IN_CONNECT, VICTIM_OF_TWO, OTHER_OF_TWO, BOTH_OF_TWO)
                .forEach(findings::aim);
        SplittableRandom random = budget.random();
        long number = 0;
        while (budget.isLeft() || (budget.isExtended() && findings.isAimMissing())) {
            List<Part> parts = choose(new Random(random.nextLong()), findings);
            run((int) (number % FORMS), new Trial(parts, random.split(), findings), findings);
            number++;
        }
    }

    /// Chooses some parts, first those that have not been hit yet.
    private static List<Part> choose(Random random, Findings findings) {
        List<Part> parts = new ArrayList<>(Part.all());
        Collections.shuffle(parts, random);
        parts.sort((one, other) -> Boolean.compare(findings.counted(one.aim()) > 0,
                findings.counted(other.aim()) > 0));
        return parts.subList(0, AT_ONCE);
    }

    private static void run(int form, Trial trial, Findings findings)
            throws IOException, InterruptedException {
        switch (form) {
            case 0 -> trial.killInHandshake();
            case 3 -> runTwo(trial, findings);
            default -> trial.killVictim();
        }
    }

    private static void runTwo(Trial trial, Findings findings)
            throws IOException, InterruptedException {
        if (findings.counted(VICTIM_OF_TWO) <= findings.counted(OTHER_OF_TWO)) {
            trial.killBetweenChildren(true, false);
            findings.count(VICTIM_OF_TWO);
        } else if (findings.counted(OTHER_OF_TWO) <= findings.counted(BOTH_OF_TWO)) {
            trial.killBetweenChildren(false, true);
            findings.count(OTHER_OF_TWO);
        } else {
            trial.killBetweenChildren(true, true);
            findings.count(BOTH_OF_TWO);
        }
    }
}
