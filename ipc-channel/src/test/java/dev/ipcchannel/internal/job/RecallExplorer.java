package dev.ipcchannel.internal.job;

import dev.ipcchannel.internal.job.RecallMove.Kind;
import dev.ipcchannel.internal.job.RecallRequest.Stop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Visits the states that a host and a worker can reach which begin jobs and take them back by two
/// words in shared memory, and judges those that go wrong.
///
/// The two run the real [dev.ipcchannel.internal.ring.RingMarks] inside the protocol ([RecallHost],
/// [RecallWorker]). What is explored, at each access of either side: which of them goes on, when
/// the other sees what one has stored or sent, the death of the worker, when the host takes back,
/// and when the worker sends results before a batch's last.
///
/// What goes wrong is a job that is run twice, or never; one that the host says was not begun and
/// that was run; one that it says was begun and that was not, but for the one at the mark; one that
/// is settled twice; and one that stays with a worker that stands in the handler of an earlier one.
///
/// A state holds the whole history of both processes, so the graph has no cycle, and that the
/// search ends proves that no run goes round for ever. The search is breadth-first, so the trace of
/// a flaw is a shortest one.
final class RecallExplorer {

    private static final int MOST_STATES = 4_000_000; // more, and something goes round for ever

    /// The result of a search.
    ///
    /// @param states how many there are, or were visited up to the flaw
    /// @param ends how the sound runs end, in words
    /// @param flaw what is wrong, if anything is
    /// @param trace the moves that lead to the flaw
    record Exploration(int states, Set<String> ends, @Nullable String flaw, List<String> trace) {}

    private record Visit(RecallWorld world, @Nullable Visit parent, @Nullable RecallMove move) {}

    private final Set<RecallWorld> visited = new HashSet<>();
    private final ArrayDeque<Visit> open = new ArrayDeque<>();
    private final Set<String> ends = new TreeSet<>();

    private RecallExplorer() {}

    /// Searches up to the first flaw, or until every state has been seen.
    static Exploration explore(RecallScenario scenario) {
        return new RecallExplorer().exploreFrom(RecallWorld.start(scenario));
    }

    private Exploration exploreFrom(RecallWorld start) {
        visit(start, null, null);
        while (!open.isEmpty()) {
            Visit visit = open.remove();
            List<RecallMove> moves = visit.world().moves();
            String flaw = flaw(visit.world(), moves);
            if (flaw != null) {
                return new Exploration(visited.size(), ends, flaw, trace(visit));
            }
            for (RecallMove move : moves) {
                visit(visit.world().after(move), visit, move);
            }
        }
        return new Exploration(visited.size(), ends, null, List.of());
    }

    private void visit(RecallWorld world, @Nullable Visit parent, @Nullable RecallMove move) {
        if (!visited.add(world)) {
            return;
        }
        if (visited.size() > MOST_STATES) {
            throw new IllegalStateException("no end in sight: scenario=" + world.scenario());
        }
        open.add(new Visit(world, parent, move));
    }

    private @Nullable String flaw(RecallWorld world, List<RecallMove> moves) {
        String flaw = world.flaw();
        if (flaw != null || !isAtEnd(moves)) {
            return flaw;
        }
        if (world.host().process().request() instanceof Stop) {
            ends.add("run=%s given=%s%s".formatted(bits(world.fates().run()),
                    bits(world.fates().givenAway()), world.worker().isDead() ? " dead" : ""));
        }
        return world.flawAtTheEnd();
    }

    private static boolean isAtEnd(List<RecallMove> moves) {
        return moves.stream().allMatch(move -> move.kind() == Kind.DEATH);
    }

    private static String bits(long set) {
        StringBuilder text = new StringBuilder();
        for (int job = 1; job <= RecallFates.MOST_JOBS; job++) {
            text.append((set >> job & 1) != 0 ? " " + job : "");
        }
        return text.toString().strip().replace(' ', ',');
    }

    private static List<String> trace(Visit last) {
        List<String> trace = new ArrayList<>();
        Visit visit = last;
        while (visit.parent() != null && visit.move() != null) {
            trace.add(visit.parent().world().describe(visit.move()));
            visit = visit.parent();
        }
        return trace.reversed();
    }

    /// Follows one run at random, whose worker is killed after so many moves.
    ///
    /// @return the flaw and the moves to it, null if there is none
    static @Nullable String followKilled(RecallScenario scenario, int killedAfter,
            SplittableRandom random) {
        Visit visit = new Visit(RecallWorld.start(scenario), null, null);
        for (int i = 0;; i++) {
            RecallWorld world = visit.world();
            RecallMove move = next(world.moves(), i >= killedAfter, random);
            String flaw = world.flaw();
            if (flaw == null && move == null) {
                flaw = world.flawAtTheEnd();
            }
            if (flaw != null) {
                return flaw + "\n" + String.join("\n", trace(visit));
            }
            if (move == null) {
                return null;
            }
            visit = new Visit(world.after(move), visit, move);
        }
    }

    private static @Nullable RecallMove next(List<RecallMove> moves, boolean isDue,
            SplittableRandom random) {
        List<RecallMove> possible = moves.stream()
                .filter(move -> isDue == (move.kind() == Kind.DEATH)).toList();
        if (possible.isEmpty()) { // it has died already, or there is none to kill any more
            possible = moves.stream().filter(move -> move.kind() != Kind.DEATH).toList();
        }
        return possible.isEmpty() ? null : possible.get(random.nextInt(possible.size()));
    }
}
