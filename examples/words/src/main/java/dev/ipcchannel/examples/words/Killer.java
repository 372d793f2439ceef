package dev.ipcchannel.examples.words;

import dev.ipcchannel.worker.WorkerSnapshot;
import dev.ipcchannel.worker.WorkerSnapshot.State;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Kills workers, spread over the run, to show that nothing is lost by it. One thread uses it.
final class Killer {

    private final int kills;
    private final int files;
    private final Set<Integer> killed = new HashSet<>(); // by number: it may not be noticed yet

    /// @param kills how many to kill while `files` files are counted
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

    /// Kills those whose time has come, as far as there are workers to kill: else the next call
    /// does.
    ///
    /// @param settled how many files are
    /// @return those that it has killed
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

    /// SIGKILL, to a child of this process only: a pid may meanwhile be another program's.
    private static void kill(long pid) {
        Optional<ProcessHandle> self = Optional.of(ProcessHandle.current());
        ProcessHandle.of(pid).filter(process -> process.parent().equals(self))
                .ifPresent(ProcessHandle::destroyForcibly);
    }
}
