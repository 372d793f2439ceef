package dev.ipcchannel.torture.codecs;

import dev.ipcchannel.TypeToken;
import dev.ipcchannel.torture.Budget;
import dev.ipcchannel.torture.Findings;
import dev.ipcchannel.torture.Storm;
import dev.ipcchannel.torture.codecs.Subject.Outcome;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;

/// The storm that gives both codecs messages that no sender would write. Each must be read or
/// refused, within the memory and the work that its length allows, and with a message that is safe
/// to show. A value that was read must not change when it is encoded and decoded again.
public final class Codecs implements Storm {

    private static final int ROUNDS_A_LOOK = 64; // at the clock
    private static final int SHOWN_BYTES = 2000;
    private static final String DESCRIPTIONS = "descriptions of types compared";

    private final Subject crowds = Subject.binary("", new TypeToken<List<Spot>>() {}.type());
    private final Subject crowdsInJson = Subject.json("", new TypeToken<List<Spot>>() {}.type());
    private final Subject nests = Subject.binary("", Nest.Listed.class);
    private final Subject nestsInJson = Subject.json("", Nest.Listed.class);

    @Override
    public String name() {
        return "codecs";
    }

    @Override
    public String aim() {
        return "mutated messages for both codecs: read or refused, in memory and work linear in"
                + " their bytes, and errors show nothing of them unescaped";
    }

    @Override
    public void run(Budget budget, Findings findings) {
        aims(findings);
        SplittableRandom random = budget.random();
        while (budget.isLeft() || (budget.isExtended() && findings.isAimMissing())) {
            for (int i = 0; i < ROUNDS_A_LOOK; i++) {
                round(random.split(), findings);
            }
        }
    }

    private static void aims(Findings findings) {
        for (Subject subject : List.of(Subjects.THINGS, Subjects.THINGS_IN_JSON)) {
            List.of(Outcome.ACCEPTED, Outcome.REFUSED)
                    .forEach(outcome -> findings.aim(counted(subject, outcome)));
        }
        for (Subject subject : List.of(Subjects.CROWD, Subjects.CROWD_IN_JSON, Subjects.NEST,
                Subjects.NEST_IN_JSON)) {
            List.of(Outcome.ACCEPTED, Outcome.REFUSED, Outcome.TOO_MUCH_WORK)
                    .forEach(outcome -> findings.aim(counted(subject, outcome)));
        }
        findings.aim(counted(Subjects.THINGS_IN_JSON, Outcome.TOO_DEEP));
        findings.aim(DESCRIPTIONS);
    }

    private static String counted(Subject subject, Outcome outcome) {
        return subject.name() + ": " + switch (outcome) {
            case ACCEPTED -> "read, and written again";
            case REFUSED -> "refused";
            case TOO_DEEP -> "refused, too deep";
            case TOO_MUCH_WORK -> "refused, too much work";
        };
    }

    private void round(SplittableRandom random, Findings findings) {
        Values values = new Values(random);
        Mutator mutator = new Mutator(random);
        Thing one = values.thing();
        Thing other = values.thing();
        attempt(Subjects.THINGS, mutator.ofBinary(Subjects.THINGS.encode(one),
                Subjects.THINGS.encode(other)), findings);
        attempt(Subjects.THINGS_IN_JSON, mutator.ofText(Subjects.THINGS_IN_JSON.encode(one),
                Subjects.THINGS_IN_JSON.encode(other)), findings);
        switch (random.nextInt(64)) {
            case 0 -> crowd(values, mutator, findings);
            case 1 -> nest(values, mutator, findings);
            case 2 -> attempt(Subjects.THINGS_IN_JSON, deep(random.nextInt(600)), findings);
            case 3 -> descriptions(mutator, findings);
            default -> {
                // the rest of the time is for things
            }
        }
    }

    private void crowd(Values values, Mutator mutator, Findings findings) {
        List<Spot> crowd = values.crowd();
        byte[] bytes = crowds.encode(crowd);
        attempt(Subjects.CROWD, mutator.ofBinary(bytes, bytes), findings);
        byte[] json = crowdsInJson.encode(crowd);
        attempt(Subjects.CROWD_IN_JSON, mutator.ofText(json, json), findings);
    }

    private void nest(Values values, Mutator mutator, Findings findings) {
        Nest.Listed nest = new Nest.Listed(List.of(values.nest(), values.nest()), List.of());
        byte[] bytes = nests.encode(nest);
        attempt(Subjects.NEST, mutator.ofBinary(bytes, bytes), findings);
        byte[] json = nestsInJson.encode(nest);
        attempt(Subjects.NEST_IN_JSON, mutator.ofText(json, json), findings);
    }

    private static byte[] deep(int levels) {
        String box = "{\"$type\":\"Box\",\"many\":[],\"one\":";
        return (box.repeat(levels) + "null" + "}".repeat(levels)).getBytes(StandardCharsets.UTF_8);
    }

    private static void descriptions(Mutator mutator, Findings findings) {
        byte[] mine = Subjects.THINGS.description().getBytes(StandardCharsets.UTF_8);
        byte[] theirs = mutator.ofText(mine, mine);
        try {
            Subjects.description(theirs);
            findings.count(DESCRIPTIONS);
        } catch (RuntimeException broken) {
            findings.fault("a description: bytes=" + shown(theirs), broken);
        }
    }

    private static void attempt(Subject subject, byte[] bytes, Findings findings) {
        long start = System.nanoTime();
        try {
            findings.count(counted(subject, subject.attempt(bytes)));
        } catch (RuntimeException broken) {
            findings.fault("%s: length=%d, bytes=%s".formatted(subject.name(), bytes.length,
                    shown(bytes)), broken);
        }
        findings.noteCall(subject.name(), Duration.ofNanos(System.nanoTime() - start));
    }

    private static String shown(byte[] bytes) {
        return HexFormat.of().formatHex(
                Arrays.copyOf(bytes, Math.min(bytes.length, SHOWN_BYTES)));
    }
}
