package dev.ipcchannel.internal.job;

import dev.ipcchannel.internal.job.RecallMove.Kind;
import dev.ipcchannel.internal.job.RecallMove.Side;
import dev.ipcchannel.internal.job.RecallRequest.Alarm;
import dev.ipcchannel.internal.job.RecallRequest.AskWhatRuns;
import dev.ipcchannel.internal.job.RecallRequest.Await;
import dev.ipcchannel.internal.job.RecallRequest.Choose;
import dev.ipcchannel.internal.job.RecallRequest.Effect;
import dev.ipcchannel.internal.job.RecallRequest.Ended;
import dev.ipcchannel.internal.job.RecallRequest.Fence;
import dev.ipcchannel.internal.job.RecallRequest.Load;
import dev.ipcchannel.internal.job.RecallRequest.Note;
import dev.ipcchannel.internal.job.RecallRequest.Send;
import dev.ipcchannel.internal.job.RecallRequest.Stop;
import dev.ipcchannel.internal.job.RecallRequest.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One state of everything: the marks, the two sides, the truth about the jobs, and what can happen
/// next. Never changed, only followed.
///
/// @param epoch the host's mark, as the worker sees it
/// @param begun the worker's mark, as the host sees it
record RecallWorld(RecallScenario scenario, long epoch, long begun, RecallParty host,
        RecallParty worker, RecallFates fates) {

    /// The state before the first step of either process.
    static RecallWorld start(RecallScenario scenario) {
        RecallProcess host = RecallProcess.start(scenario, RecallMutant.NO_FENCE_AT_RECALL,
                view -> new RecallHost(scenario, view).run());
        RecallProcess worker = RecallProcess.start(scenario, RecallMutant.NO_FENCE_AT_BEGIN,
                view -> new RecallWorker(scenario, view).run());
        return new RecallWorld(scenario, 0, 0, RecallParty.starting(host),
                RecallParty.starting(worker), RecallFates.NONE);
    }

    RecallParty party(Side side) {
        return side == Side.HOST ? host : worker;
    }

    private RecallWorld with(Side side, RecallParty party) {
        return side == Side.HOST
                ? new RecallWorld(scenario, epoch, begun, party, worker, fates)
                : new RecallWorld(scenario, epoch, begun, host, party, fates);
    }

    /// All that can happen next. The worker can be killed before each of its steps, as long as the
    /// host has something to see to.
    List<RecallMove> moves() {
        List<RecallMove> moves = new ArrayList<>();
        for (Side side : Side.values()) {
            RecallParty party = party(side);
            if (!party.unseen().isEmpty()) {
                moves.add(new RecallMove(side, Kind.VISIBLE, 0));
            }
            if (!party.hasFinished()) {
                answers(side).forEach(
                        answer -> moves.add(new RecallMove(side, Kind.STEP, answer)));
            }
        }
        if (scenario.mayDie() && !worker.hasFinished() && !host.hasFinished()) {
            moves.add(new RecallMove(Side.WORKER, Kind.DEATH, 0));
        }
        return moves;
    }

    private List<Long> answers(Side side) {
        RecallParty party = party(side);
        return switch (party.process().request()) {
            case Load load -> List.of(load(party, load.word()));
            case Fence _ -> party.unseen().isEmpty() ? List.of(0L) : List.of();
            case Await await -> arrivals(party, await, party(side.peer()).hasEnded());
            case Choose _ -> List.of(0L, 1L);
            case AskWhatRuns _ -> List.of((long) fates.running());
            case Store _,Send _,Note _ -> List.of(0L);
            case Stop _,Alarm _ -> List.of();
        };
    }

    private static List<Long> arrivals(RecallParty party, Await await, boolean hasPeerEnded) {
        List<Long> arrivals = new ArrayList<>();
        if (!party.messages().isEmpty()) {
            arrivals.add(party.messages().getFirst());
        }
        if (hasPeerEnded && (party.messages().isEmpty() || await.isHasty())) {
            arrivals.add(RecallRequest.END);
        }
        if (await.mayRecall()) {
            arrivals.add(RecallRequest.RECALL);
        }
        return arrivals;
    }

    /// The process sees its own newest store, visible or not.
    private long load(RecallParty party, int word) {
        for (Effect effect : party.unseen().reversed()) {
            if (effect instanceof Store store && store.word() == word) {
                return store.value();
            }
        }
        return word == RecallView.EPOCH ? epoch : begun;
    }

    /// The state after a move.
    RecallWorld after(RecallMove move) {
        RecallParty party = party(move.side());
        return switch (move.kind()) {
            case STEP -> stepped(move.side(), party, move.answer());
            case VISIBLE -> shown(move.side(), party);
            case DEATH -> with(move.side(), party.killed());
        };
    }

    private RecallWorld stepped(Side side, RecallParty party, long answer) {
        return switch (party.process().request()) {
            case Store store -> with(side, party.after(store));
            case Send send -> with(side, party.after(send));
            case Await _ when answer >= 0 -> with(side, party.received(answer));
            case Note note -> new RecallWorld(scenario, epoch, begun, host, worker,
                    fates.with(note.fact(), note.job(), load(worker, RecallView.BEGUN)))
                    .with(side, party.answered(0));
            default -> with(side, party.answered(answer));
        };
    }

    private RecallWorld shown(Side side, RecallParty party) {
        RecallWorld rest = with(side, party.withOneSeen());
        return switch (party.unseen().getFirst()) {
            case Store store -> store.word() == RecallView.EPOCH
                    ? new RecallWorld(scenario, store.value(), begun, rest.host, rest.worker, fates)
                    : new RecallWorld(scenario, epoch, store.value(), rest.host, rest.worker,
                            fates);
            case Send send -> rest.with(side.peer(),
                    rest.party(side.peer()).withMessage(send.message()));
            case Ended _ -> rest.with(side, rest.party(side).ended());
        };
    }

    /// What is wrong here; null if nothing is.
    @Nullable
    String flaw() {
        if (fates.flaw() != null) {
            return fates.flaw();
        }
        return host.process().request() instanceof Alarm(String text) ? "the host sees " + text
                : worker.process().request() instanceof Alarm(String text)
                        ? "the worker sees " + text
                        : null;
    }

    /// What is wrong where nothing happens any more; null if nothing is.
    @Nullable
    String flawAtTheEnd() {
        return host.hasFinished() ? null : "the host waits for ever: a job is lost";
    }

    /// A move from here in words, for a trace.
    String describe(RecallMove move) {
        String process = move.side() == Side.HOST ? "host" : "worker";
        RecallParty party = party(move.side());
        return switch (move.kind()) {
            case STEP -> process + " " + describeStep(party.process().request(), move.answer());
            case DEATH -> process + " dies";
            case VISIBLE -> switch (party.unseen().getFirst()) {
                case Store store -> "%s = %d".formatted(name(store.word()), store.value());
                case Send _ -> process + "'s message";
                case Ended _ -> process + "'s end";
            } + " becomes visible";
        };
    }

    private static String describeStep(RecallRequest request, long answer) {
        return switch (request) {
            case Load load -> "loads %s = %d".formatted(name(load.word()), answer);
            case Store store -> "stores %s = %d".formatted(name(store.word()), store.value());
            case Send _ -> "sends";
            case Fence _ -> "fences";
            case Await _ when answer == RecallRequest.RECALL -> "is to take back";
            case Await _ when answer == RecallRequest.END -> "sees the end";
            case Await _ -> "receives";
            case Choose _ -> answer == 0 ? "gathers" : "sends a part";
            case Note note -> "notes: job %d %s".formatted(note.job(), note.fact());
            case AskWhatRuns _ -> "is asked to check job " + answer;
            case Stop _ -> "stops";
            case Alarm _ -> "raises an alarm";
        };
    }

    private static String name(int word) {
        return word == RecallView.EPOCH ? "epoch" : "begun";
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RecallWorld that && epoch == that.epoch && begun == that.begun
                && host.equals(that.host) && worker.equals(that.worker)
                && fates.equals(that.fates);
    }

    @Override
    public int hashCode() {
        return Objects.hash(epoch, begun, host, worker, fates.run(), fates.settled());
    }
}
