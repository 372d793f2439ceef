package dev.ipcchannel.torture.kills;

import dev.ipcchannel.ChildFailed;
import dev.ipcchannel.OneShotServer;
import dev.ipcchannel.torture.ChildRole;
import dev.ipcchannel.torture.Findings;
import dev.ipcchannel.torture.Leftovers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/// A kill of one process, or of two at once, and the checks after it.
///
/// The board of each process survives the process: it records in which state each thread died, and
/// how many messages it had sent or received certainly and at most.
final class Trial {

    private static final int KILLED = 128 + 9;

    private final List<Part> parts;
    private final SplittableRandom random;
    private final Findings findings;
    private final List<String> faults = new ArrayList<>();
    private final Path file = Path.of(System.getProperty("java.io.tmpdir"), "victim.board");
    private final Path otherFile = Path.of(System.getProperty("java.io.tmpdir"), "other.board");

    Trial(List<Part> parts, SplittableRandom random, Findings findings) {
        this.parts = parts;
        this.random = random;
        this.findings = findings;
    }

    /// Kills the victim; the other sides are in this process.
    void killVictim() throws IOException, InterruptedException {
        Board board = Board.create(file);
        Board here = Board.inHeap();
        Leftovers before = Leftovers.now();
        try (OneShotServer<Cast> server = OneShotServer.open(Cast.class);
                ChildRole victim = victim(server)) {
            Cast cast = server.accept(victim.process(), Kills.PATIENCE);
            boolean isVirtual = random.nextBoolean();
            Sides sides = Sides.start(parts, cast.sides(parts, here),
                    name -> isVirtual ? Thread.ofVirtual().name(name)
                            : Thread.ofPlatform().name(name));
            if (random.nextBoolean()) {
                pause();
            } else {
                awaitAim(victim, board);
            }
            kill(victim, board);
            timedJoin(sides);
            compare(board, here, false, true);
        }
        finish(before);
    }

    /// Kills one or both of two children, each of which has one side.
    void killBetweenChildren(boolean isVictim, boolean isCounterpart)
            throws IOException, InterruptedException {
        Board board = Board.create(file);
        Board other = Board.create(otherFile);
        Leftovers before = Leftovers.now();
        try (OneShotServer<CounterpartChild.Desk> desks =
                OneShotServer.open(CounterpartChild.Desk.class);
                OneShotServer<Cast> server = OneShotServer.open(Cast.class);
                ChildRole counterpart = ChildRole.of(CounterpartChild.class, desks.name(),
                        otherFile.toString(), Part.toArgument(parts)).start();
                ChildRole victim = victim(server)) {
            CounterpartChild.Desk desk = desks.accept(counterpart.process(), Kills.PATIENCE);
            try (var casts = desk.casts()) {
                casts.send(server.accept(victim.process(), Kills.PATIENCE), Kills.PATIENCE);
            }
            await(victim, () -> IntStream.range(0, parts.size())
                    .anyMatch(part -> other.slot(part).state() != State.STARTING));
            pause();
            if (isVictim) {
                kill(victim, board);
            }
            if (isCounterpart) {
                counterpart.process().destroyForcibly();
            }
            awaitEnd("victim", victim, isVictim);
            if (isVictim && isCounterpart) { // it may have noticed the other's death before its own
                awaitEnd("counterpart", counterpart, Set.of(KILLED, 0));
            } else {
                awaitEnd("counterpart", counterpart, isCounterpart);
            }
            compare(board, other, !isVictim, !isCounterpart);
        }
        finish(before);
    }

    /// Kills the victim while it connects.
    void killInHandshake() throws IOException, InterruptedException {
        Board board = Board.create(file);
        Board here = Board.inHeap();
        Board.Slot handshake = board.slot(VictimChild.HANDSHAKE);
        Leftovers before = Leftovers.now();
        try (OneShotServer<Cast> server = OneShotServer.open(Cast.class);
                ChildRole victim = victim(server)) {
            Thread killer = Thread.ofPlatform().start(() -> {
                awaitHandshake(handshake, random.nextInt(3), victim);
                victim.process().destroyForcibly();
            });
            try {
                Cast cast = findings.timed("accept of a child that is killed", Kills.PATIENCE,
                        () -> server.accept(victim.process(), Kills.PATIENCE));
                findings.count(Kills.HEARD);
                Sides sides = Sides.start(parts, cast.sides(parts, here),
                        name -> Thread.ofPlatform().name(name));
                killer.join();
                timedJoin(sides);
                compare(board, here, false, true);
            } catch (ChildFailed _) {
                findings.count(handshake.attempted() == 0 ? Kills.IN_CONNECT : Kills.IN_FIRST_SEND);
                if (handshake.done() == 1) {
                    faults.add(
                            "a child had sent its first message before it was killed, and was not"
                                    + " heard");
                }
            } catch (Exception wrong) {
                faults.add("accept of a child that is killed: " + wrong);
            } finally {
                killer.join();
            }
            awaitEnd("victim", victim, true);
        }
        finish(before);
    }

    private ChildRole victim(OneShotServer<Cast> server) throws IOException {
        return ChildRole.of(VictimChild.class, server.name(), file.toString(),
                Part.toArgument(parts)).start();
    }

    /// Lets the traffic continue for a random time, short or long with equal chance.
    private void pause() {
        pause(random.nextBoolean() ? Kills.SHORT_MICROS : Kills.LONG_MICROS);
    }

    private void pause(long most) {
        LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random.nextLong(1, most)));
    }

    /// Waits until the victim has been in the handshake for a while, or is connected, or has sent
    /// its ends.
    private void awaitHandshake(Board.Slot handshake, int step, ChildRole victim) {
        await(victim, () -> switch (step) {
            case 0 -> handshake.state() != State.STARTING;
            case 1 -> handshake.attempted() == 1;
            default -> handshake.done() == 1;
        });
        if (step == 0) {
            pause(Kills.SHORT_MICROS); // a JVM that loads its classes takes longer
        }
    }

    private static void await(ChildRole role, BooleanSupplier fact) {
        long start = System.nanoTime();
        while (!fact.getAsBoolean() && role.process().isAlive()
                && System.nanoTime() - start < Kills.AIMING.toNanos()) {
            LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(Kills.LOOK_MICROS));
        }
    }

    /// Waits until the thread of the first part is in the state that the kill aims at.
    private void awaitAim(ChildRole victim, Board board) {
        Part part = parts.getFirst();
        State aim = part.stateAimedAt();
        State state = aim == State.ASLEEP ? State.IN_CALL : aim;
        await(victim, () -> board.slot(0).state() == state && (aim != State.ASLEEP
                || Tasks.asleep(victim.process()).contains(part.threadName())));
    }

    /// Kills a process, and counts the state in which each of its threads died.
    private void kill(ChildRole victim, Board board) throws InterruptedException {
        Set<String> asleep = Tasks.asleep(victim.process());
        victim.process().destroyForcibly();
        awaitEnd("victim", victim, true);
        findings.count(Kills.KILLS);
        for (int i = 0; i < parts.size(); i++) {
            Part part = parts.get(i);
            State state = board.slot(i).state();
            if (state == State.IN_CALL && asleep.contains(part.threadName())) {
                findings.count(Kills.ASLEEP);
                state = part.stateAimedAt() == State.ASLEEP ? State.ASLEEP : state;
            }
            findings.count("%s killed, %s: %s".formatted(part.isSender() ? "sender" : "receiver",
                    part.line().word(), state.word()));
        }
    }

    private void awaitEnd(String name, ChildRole role, boolean isKilled)
            throws InterruptedException {
        awaitEnd(name, role, Set.of(isKilled ? KILLED : 0));
    }

    private void awaitEnd(String name, ChildRole role, Set<Integer> expected)
            throws InterruptedException {
        int exit = role.awaitExit(Kills.PATIENCE.multipliedBy(2));
        if (!expected.contains(exit)) {
            faults.add("the %s ended with %d: %s".formatted(name, exit, role.lastWords()));
        }
    }

    private void timedJoin(Sides sides) throws InterruptedException {
        long start = System.nanoTime();
        sides.join(faults);
        findings.noteCall("end of all sides after a death",
                Duration.ofNanos(System.nanoTime() - start));
    }

    /// Compares what one side has received with what the other has sent: nothing else, and all that
    /// was committed if the receiver is alive.
    private void compare(Board victim, Board other, boolean isVictimAlive, boolean isOtherAlive) {
        for (int i = 0; i < parts.size(); i++) {
            boolean isSender = parts.get(i).isSender();
            Board.Slot sender = isSender ? victim.slot(i) : other.slot(i);
            Board.Slot receiver = isSender ? other.slot(i) : victim.slot(i);
            compare(parts.get(i), sender, receiver, isSender ? isOtherAlive : isVictimAlive);
        }
    }

    private void compare(Part part, Board.Slot sender, Board.Slot receiver, boolean isAlive) {
        findings.count(Kills.MESSAGES, receiver.done());
        if (receiver.isWrong() || sender.isWrong()) {
            faults.add("%s: a message was wrong".formatted(part));
        }
        if (receiver.done() > sender.attempted()) {
            faults.add("%s: %d messages were received, of %d that were sent at most"
                    .formatted(part, receiver.done(), sender.attempted()));
        }
        if (isAlive && receiver.done() < sender.done()) {
            faults.add("%s: %d messages were received, of %d that were committed"
                    .formatted(part, receiver.done(), sender.done()));
        }
    }

    private void finish(Leftovers before) throws IOException {
        Map<String, Integer> left = Leftovers.awaitNothingBeyond(before);
        if (!left.isEmpty()) {
            faults.add("left over: " + left);
        }
        Files.deleteIfExists(file);
        Files.deleteIfExists(otherFile);
        faults.forEach(fault -> findings.fault(parts + ": " + fault));
    }
}
