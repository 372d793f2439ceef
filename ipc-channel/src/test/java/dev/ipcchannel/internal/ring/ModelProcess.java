package dev.ipcchannel.internal.ring;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// One process at one point of its life: the answers that it has got so far, and what it asks next.
///
/// A script is deterministic, so the answers are its whole local state. For each new answer it is
/// run again from its start until it asks for one thing more: no thread, and nothing to freeze or
/// copy. Equal histories give the same object, so that processes are compared by identity.
final class ModelProcess {

    /// The code of one process: the real ring, and the lane's protocol around it.
    interface Script {
        void run(ModelView view);
    }

    private final ModelScenario scenario;
    private final Script script;
    private final long[] answers;
    private final Map<Long, ModelProcess> futures = new HashMap<>();
    private final ModelRequest request;
    private final int progress;

    private ModelProcess(ModelScenario scenario, Script script, long[] answers) {
        this.scenario = scenario;
        this.script = script;
        this.answers = answers;
        ModelView view = new ModelView(scenario, answers);
        this.request = runUntilItAsks(script, view);
        this.progress = view.progress();
    }

    static ModelProcess start(ModelScenario scenario, Script script) {
        return new ModelProcess(scenario, script, new long[0]);
    }

    private static ModelRequest runUntilItAsks(Script script, ModelView view) {
        try {
            script.run(view);
        } catch (RingViolation violation) {
            return new ModelRequest.Alarm("violation: " + violation.getMessage());
        } catch (ModelView.Paused _) {
            return view.request();
        }
        return new ModelRequest.Alarm("the script ran off its end");
    }

    /// What it asks next.
    ModelRequest request() {
        return request;
    }

    /// How many messages it has committed or read whole.
    int progress() {
        return progress;
    }

    boolean hasStopped() {
        return request instanceof ModelRequest.Stop;
    }

    /// The same process, one answer later.
    ModelProcess after(long answer) {
        return futures.computeIfAbsent(answer, _ -> {
            long[] longer = Arrays.copyOf(answers, answers.length + 1);
            longer[answers.length] = answer;
            return new ModelProcess(scenario, script, longer);
        });
    }
}
