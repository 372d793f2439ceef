package dev.ipcchannel.internal.ring;

import dev.ipcchannel.internal.ring.ModelMove.Kind;
import dev.ipcchannel.internal.ring.ModelMove.Side;
import dev.ipcchannel.internal.ring.ModelRequest.Alarm;
import dev.ipcchannel.internal.ring.ModelRequest.Await;
import dev.ipcchannel.internal.ring.ModelRequest.Bell;
import dev.ipcchannel.internal.ring.ModelRequest.CopyOut;
import dev.ipcchannel.internal.ring.ModelRequest.Effect;
import dev.ipcchannel.internal.ring.ModelRequest.Fence;
import dev.ipcchannel.internal.ring.ModelRequest.Load;
import dev.ipcchannel.internal.ring.ModelRequest.Receive;
import dev.ipcchannel.internal.ring.ModelRequest.Shutdown;
import dev.ipcchannel.internal.ring.ModelRequest.Stop;
import dev.ipcchannel.internal.ring.ModelRequest.Store;
import dev.ipcchannel.internal.ring.ModelScenario.Habit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// One state of everything: the shared words, the two sides, and what can happen next. It is
/// immutable: a move gives another state.
///
/// A load sees the newest own store to its word, visible or not, else the shared word. A fence
/// waits until the own buffer is empty. A packet and a shutdown are releases: the kernel hands them
/// on under a lock, so the peer sees them after the stores before them.
final class ModelWorld {

    private final ModelScenario scenario;
    private final ModelWords words;
    private final long[] memory;
    private final ModelParty writer;
    private final ModelParty reader;
    private final int timeouts;
    private final int hash;

    private ModelWorld(ModelScenario scenario, ModelWords words, long[] memory,
            ModelParty writer, ModelParty reader, int timeouts) {
        this.scenario = scenario;
        this.words = words;
        this.memory = memory;
        this.writer = writer;
        this.reader = reader;
        this.timeouts = timeouts;
        this.hash = 31 * (31 * Arrays.hashCode(memory) + writer.hashCode()) + reader.hashCode();
    }

    /// The state before the first step of either process.
    static ModelWorld start(ModelScenario scenario) {
        ModelWords words = new ModelWords(scenario.capacity());
        long[] memory = new long[words.count()];
        int position = words.place(RingLayout.readerPosition(scenario.capacity()));
        memory[position] = scenario.firstPosition();
        ModelProcess writer = ModelProcess.start(scenario,
                view -> new ModelWriter(scenario, view).run());
        ModelProcess reader = ModelProcess.start(scenario,
                view -> new ModelReader(scenario, view).run());
        return new ModelWorld(scenario, words, memory, ModelParty.starting(writer),
                ModelParty.starting(reader), scenario.has(Habit.A_WAIT_TIMES_OUT) ? 1 : 0);
    }

    ModelParty party(Side side) {
        return side == Side.WRITER ? writer : reader;
    }

    /// The shared word at `offset`, as a process without a store buffer sees it.
    long word(long offset) {
        return memory[words.place(offset)];
    }

    /// Everything that can happen next. A process can be killed before each of its steps, as long
    /// as a process is left that can notice it.
    List<ModelMove> moves() {
        List<ModelMove> moves = new ArrayList<>();
        for (Side side : Side.values()) {
            ModelParty party = party(side);
            for (int i = 0; i < party.buffer().size(); i++) {
                if (party.mayBecomeVisible(i, scenario.hardware())) {
                    moves.add(new ModelMove(side, Kind.VISIBLE, i));
                }
            }
            if (party.hasFinished()) {
                continue;
            }
            if (canStep(side)) {
                moves.add(new ModelMove(side, Kind.STEP));
            }
            if (party.isSleeping() && timeouts > 0) {
                moves.add(new ModelMove(side, Kind.TIMEOUT));
            }
            if (!party(side.peer()).hasFinished()) {
                moves.add(new ModelMove(side, Kind.DEATH));
            }
        }
        return moves;
    }

    private boolean canStep(Side side) {
        ModelParty party = party(side);
        return switch (party.process().request()) {
            case Fence _ -> party.buffer().isEmpty();
            case Await _ -> party.packets() > 0 || party(side.peer()).hasEnded();
            case Stop _ -> false;
            case Alarm _ -> false;
            default -> true;
        };
    }

    /// The state after a move.
    ModelWorld after(ModelMove move) {
        ModelParty party = party(move.side());
        return switch (move.kind()) {
            case STEP -> with(move.side(), stepped(move.side()));
            case TIMEOUT -> new ModelWorld(scenario, words, memory, writer, reader, timeouts - 1)
                    .with(move.side(), party.answered(ModelRequest.NOTHING));
            case VISIBLE -> shown(move.side(), move.index());
            case DEATH -> with(move.side(), party.killed());
        };
    }

    private ModelParty stepped(Side side) {
        ModelParty party = party(side);
        boolean hasPeerEnded = party(side.peer()).hasEnded();
        long noPacket = hasPeerEnded ? ModelRequest.END : ModelRequest.NOTHING;
        return switch (party.process().request()) {
            case Load load -> party.answered(load(party, load.offset()));
            case CopyOut copy -> party.answered(copy(party, copy));
            case Store store -> party.answered(0, store);
            case Fence _ -> party.answered(0);
            case Bell bell -> hasPeerEnded
                    ? party.answered(ModelRequest.END)
                    : party.answered(ModelRequest.PACKET, bell);
            case Await _ -> party.answered(ModelRequest.PACKET);
            case Receive _ -> party.packets() > 0
                    ? party.withoutBell().answered(ModelRequest.PACKET)
                    : party.answered(noPacket);
            case Shutdown shutdown -> party.answered(0, shutdown);
            case Stop _ -> party;
            case Alarm _ -> party;
        };
    }

    private long load(ModelParty party, long offset) {
        for (Effect effect : party.buffer().reversed()) {
            if (effect instanceof Store store && store.covers(offset)) {
                return store.value();
            }
        }
        return word(offset);
    }

    private long copy(ModelParty party, CopyOut copy) {
        long first = copy.words() == 0 ? 0 : load(party, copy.offset());
        for (int i = 1; i < copy.words(); i++) {
            if (load(party, copy.offset() + (long) i * Long.BYTES) != first) {
                return ModelRequest.TORN;
            }
        }
        return first;
    }

    private ModelWorld shown(Side side, int index) {
        ModelParty party = party(side).withoutEffect(index);
        return switch (party(side).buffer().get(index)) {
            case Store store -> {
                long[] changed = memory.clone();
                int place = words.place(store.offset());
                Arrays.fill(changed, place, place + store.words(), store.value());
                yield new ModelWorld(scenario, words, changed, writer, reader, timeouts)
                        .with(side, party);
            }
            case Bell _ -> with(side, party)
                    .with(side.peer(), party(side.peer()).withBell(scenario.queueCapacity()));
            case Shutdown _ -> with(side, party.ended());
        };
    }

    private ModelWorld with(Side side, ModelParty party) {
        return side == Side.WRITER
                ? new ModelWorld(scenario, words, memory, party, reader, timeouts)
                : new ModelWorld(scenario, words, memory, writer, party, timeouts);
    }

    /// A move from here in words, for a trace.
    String describe(ModelMove move) {
        ModelParty party = party(move.side());
        String who = move.side() == Side.WRITER ? "writer" : "reader";
        return switch (move.kind()) {
            case STEP -> who + " " + describeStep(party);
            case TIMEOUT -> who + " has waited long enough";
            case DEATH -> who + " dies";
            case VISIBLE -> switch (party.buffer().get(move.index())) {
                case Store store -> words.describe(store.offset(), store.value());
                case Bell _ -> who + "'s bell";
                case Shutdown _ -> who + "'s end";
            } + " becomes visible";
        };
    }

    private String describeStep(ModelParty party) {
        return switch (party.process().request()) {
            case Load load -> "loads " + words.describe(load.offset(), load(party, load.offset()));
            case CopyOut copy -> "copies " + describe(copy, copy(party, copy));
            case Store store -> "stores " + words.describe(store.offset(), store.value());
            case Bell _ -> "rings";
            case Shutdown _ -> "shuts down";
            case Fence _ -> "fences";
            case Await _ -> "wakes up";
            case Receive _ -> "receives";
            case Stop _ -> "stops";
            case Alarm _ -> "raises an alarm";
        };
    }

    private String describe(CopyOut copy, long word) {
        return word == ModelRequest.TORN
                ? "ring[%d] torn".formatted(copy.offset())
                : words.describe(copy.offset(), word);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ModelWorld that
                && hash == that.hash
                && timeouts == that.timeouts
                && writer.equals(that.writer)
                && reader.equals(that.reader)
                && Arrays.equals(memory, that.memory);
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
