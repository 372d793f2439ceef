package dev.ipcchannel.examples.words;

import dev.ipcchannel.worker.WorkerSnapshot;
import dev.ipcchannel.worker.WorkerSnapshot.State;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A killer of workers, spread over the run, to show that no result is lost. One thread uses it.
final class Killer {

    private final int kills;
    private final int files;
    private final Set<Integer> killed = new HashSet<>(); // by number: it may not be noticed yet

    /// @param kills the number of workers to kill while `files` files are counted
    Killer(int kills, int files) {
        this.kills = kills;
        this.files = files;
    }

    int planned() {
        return kills;
    }

    int killed() {
        return killed.size();
    }

    boolean isDone() {
        return killed.size() == kills;
    }

    /// Kills the workers that are due by now. If too few workers run, the next call kills the rest.
    ///
    /// @param settled the number of settled files
    /// @return the workers that it has killed
    List<WorkerSnapshot> strike(int settled, List<WorkerSnapshot> workers) {
        List<WorkerSnapshot> victims = new ArrayList<>();
        while (!isDone() && isDue(settled)) {
            Optional<WorkerSnapshot> victim = workers.stream()
                    .filter(worker -> worker.state() == State.ACTIVE
                            && !killed.contains(worker.number()))
                    .max(Comparator.comparingInt(WorkerSnapshot::running));
            if (victim.isEmpty()) {
                break;
            }
            killed.add(victim.get().number());
            kill(victim.get().pid());
            victims.add(victim.get());
        }
        return victims;
    }

    private boolean isDue(int settled) {
        return settled >= (long) files * (killed.size() + 1) / (kills + 1);
    }

    /// Sends SIGKILL, but only to a child of this process: the pid may by now be another program's.
    private static void kill(long pid) {
        Optional<ProcessHandle> self = Optional.of(ProcessHandle.current());
        ProcessHandle.of(pid).filter(process -> process.parent().equals(self))
                .ifPresent(ProcessHandle::destroyForcibly);
    }
}
