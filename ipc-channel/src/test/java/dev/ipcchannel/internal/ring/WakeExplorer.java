package dev.ipcchannel.internal.ring;

import dev.ipcchannel.internal.ring.ModelMove.Kind;
import dev.ipcchannel.internal.ring.ModelMove.Side;
import dev.ipcchannel.internal.ring.ModelRequest.Alarm;
import dev.ipcchannel.internal.ring.ModelRequest.Outcome;
import dev.ipcchannel.internal.ring.ModelRequest.Stop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// A search through every state that two processes with one lane between them can reach, which
/// reports those that go wrong.
///
/// The processes run the real [RingWriter] and [RingReader] inside the lane's protocol
/// ([ModelWriter], [ModelReader]). At each memory access and each socket call of either side the
/// search explores:
///
/// - which process goes on, and which of its buffered stores the peer sees next
///   ([ModelScenario.Hardware]). Loads keep their order, as they do in the ring: each is an
///   acquire, or the copy between an acquire and a release. A copy becomes visible in one piece,
///   because no process looks at a part of it before the release after it;
/// - the death of either process. Its buffered stores still become visible, one by one, at any
///   later time, and the end of its socket after them: SIGKILL does not take back what a processor
///   has retired, and the kernel closes the socket later on the same processor, under a lock whose
///   release the receiving peer acquires. So the peer sees every cut of the stores, but never the
///   end before the last of them;
/// - where the scenario says so: a close of either side, a timeout, a reader that moves.
///
/// A state holds the whole history of both processes, so no state comes back on its own path: the
/// graph has no cycle, and the end of the search proves that no run loops for ever. The search is
/// breadth-first, so the trace of a flaw is a shortest one.
final class WakeExplorer {

    private static final int MOST_STATES = 2_000_000; // with more, a run loops for ever

    /// The result of a search.
    ///
    /// @param states how many there are, or were visited up to the flaw
    /// @param ends how the sound runs end: for each side its last action, and after how many
    /// messages
    /// @param flaw what is wrong, if anything is
    /// @param trace the moves that lead to the flaw
    record Exploration(int states, Set<String> ends, @Nullable String flaw, List<String> trace) {}

    private record Visit(ModelWorld world, @Nullable Visit parent, @Nullable ModelMove move) {}

    private final ModelScenario scenario;
    private final Set<ModelWorld> visited = new HashSet<>();
    private final ArrayDeque<Visit> open = new ArrayDeque<>();
    private final Set<String> ends = new TreeSet<>();

    private WakeExplorer(ModelScenario scenario) {
        this.scenario = scenario;
    }

    /// Searches up to the first flaw, or until every state has been seen.
    static Exploration explore(ModelScenario scenario) {
        return new WakeExplorer(scenario).explore();
    }

    private Exploration explore() {
        visit(ModelWorld.start(scenario), null, null);
        while (!open.isEmpty()) {
            Visit visit = open.remove();
            List<ModelMove> moves = visit.world().moves();
            String flaw = flaw(visit.world(), moves);
            if (flaw != null) {
                return new Exploration(visited.size(), ends, flaw, trace(visit));
            }
            for (ModelMove move : moves) {
                visit(visit.world().after(move), visit, move);
            }
        }
        return new Exploration(visited.size(), ends, null, List.of());
    }

    private void visit(ModelWorld world, @Nullable Visit parent, @Nullable ModelMove move) {
        if (!visited.add(world)) {
            return;
        }
        if (visited.size() > MOST_STATES) {
            throw new IllegalStateException("no end in sight: scenario=" + scenario);
        }
        open.add(new Visit(world, parent, move));
    }

    private @Nullable String flaw(ModelWorld world, List<ModelMove> moves) {
        ModelParty writer = world.party(Side.WRITER);
        ModelParty reader = world.party(Side.READER);
        if (writer.process().request() instanceof Alarm(String text)) {
            return "the writer sees " + text;
        }
        if (reader.process().request() instanceof Alarm(String text)) {
            return "the reader sees " + text;
        }
        if (!moves.stream().allMatch(move -> move.kind() == Kind.DEATH)) {
            return null;
        }
        ends.add("writer %s, reader %s".formatted(describe(writer), describe(reader)));
        String flaw = writer.isDead() ? null : writersFlaw(world);
        return flaw != null || reader.isDead() ? flaw : readersFlaw(world);
    }

    /// What is wrong with a living writer where nothing moves any more.
    private @Nullable String writersFlaw(ModelWorld world) {
        ModelParty writer = world.party(Side.WRITER);
        long position = world.word(RingLayout.readerPosition(scenario.capacity()));
        long need = world.word(RingLayout.writerNeed(scenario.capacity()));
        if (writer.isSleeping() && position - need >= 0) {
            return "the writer sleeps for ever beside free space";
        }
        if (writer.hasStoppedAs(Outcome.PEER_GONE) && !world.party(Side.READER).hasEnded()) {
            return "the writer gives up on a reader that lives";
        }
        return null;
    }

    /// What is wrong with a living reader where nothing moves any more.
    private static @Nullable String readersFlaw(ModelWorld world) {
        ModelParty writer = world.party(Side.WRITER);
        ModelParty reader = world.party(Side.READER);
        boolean isLagging = reader.process().progress() < writer.process().progress();
        if (reader.isSleeping() && isLagging) {
            return "the reader sleeps for ever beside a message";
        }
        if (reader.hasStoppedAs(Outcome.PEER_GONE) && isLagging) {
            return "a committed message is lost";
        }
        if (reader.hasStoppedAs(Outcome.PEER_GONE) && !writer.hasEnded()) {
            return "the reader gives up on a writer that lives";
        }
        return null;
    }

    private static String describe(ModelParty party) {
        String state = switch (party.process().request()) {
            case ModelRequest _ when party.isDead() -> "dead";
            case Stop(Outcome outcome) -> outcome.name();
            default -> "asleep";
        };
        return state + " behind " + party.process().progress();
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
}
