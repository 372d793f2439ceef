package dev.ipcchannel.internal.job;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// One process at one point of its life: what it has been answered so far, and what it asks next.
///
/// A script is deterministic, so the answers are its whole local state. For each new answer it is
/// run again from its start until it asks for one thing more. Equal histories give the same object,
/// so that processes are compared by identity.
final class RecallProcess {

    /// The code of one process.
    interface Script {
        void run(RecallView view);
    }

    private final RecallScenario scenario;
    private final RecallMutant unfenced;
    private final Script script;
    private final long[] answers;
    private final Map<Long, RecallProcess> futures = new HashMap<>();
    private final RecallRequest request;

    private RecallProcess(RecallScenario scenario, RecallMutant unfenced, Script script,
            long[] answers) {
        this.scenario = scenario;
        this.unfenced = unfenced;
        this.script = script;
        this.answers = answers;
        this.request = runUntilItAsks();
    }

    /// @param unfenced the mutant in which it has no fence
    static RecallProcess start(RecallScenario scenario, RecallMutant unfenced, Script script) {
        return new RecallProcess(scenario, unfenced, script, new long[0]);
    }

    private RecallRequest runUntilItAsks() {
        RecallView view = new RecallView(scenario, answers, unfenced);
        try {
            script.run(view);
        } catch (RecallView.Paused _) {
            return view.request();
        }
        return new RecallRequest.Alarm("the script ran off its end");
    }

    /// What it asks next.
    RecallRequest request() {
        return request;
    }

    boolean hasStopped() {
        return request instanceof RecallRequest.Stop;
    }

    /// The same process, one answer later.
    RecallProcess after(long answer) {
        return futures.computeIfAbsent(answer, _ -> {
            long[] longer = Arrays.copyOf(answers, answers.length + 1);
            longer[answers.length] = answer;
            return new RecallProcess(scenario, unfenced, script, longer);
        });
    }
}
