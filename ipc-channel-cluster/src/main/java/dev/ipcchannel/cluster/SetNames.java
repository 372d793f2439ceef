package dev.ipcchannel.cluster;

import dev.ipcchannel.internal.base.Printable;
import java.util.regex.Pattern;

/// The names that a set of jobs has in the engine: of its streams, consumers and subjects. Jobs of
/// other types have other names, so that nodes of two versions of a program serve side by side.
///
/// @param set the user's name
/// @param fingerprint of the types
record SetNames(String set, String fingerprint) {

    /// The number of priorities, from 0 to this less one; [#USUAL_PRIORITY] is that of most jobs.
    static final int PRIORITIES = 4;
    static final int USUAL_PRIORITY = 1;
    private static final int HIGH_STEPS = 10;

    private static final Pattern VALID = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    SetNames {
        if (!VALID.matcher(set).matches()) {
            throw new IllegalArgumentException(("a set in a cluster has a name of 1 to 64 letters,"
                    + " digits, - and _: name=%s, length=%d")
                    .formatted(Printable.brief(set), set.length()));
        }
    }

    /// The stream of jobs that wait or are in hand.
    String stream() {
        return "ipc_%s_%s".formatted(set, fingerprint);
    }

    /// The stream of jobs that two workers have died of, of all types.
    String quarantineStream() {
        return "ipc_%s_quarantine".formatted(set);
    }

    String quarantineSubject() {
        return "ipc.%s.quarantine.%s".formatted(set, fingerprint);
    }

    /// The subjects of that stream.
    String quarantineSubjects() {
        return "ipc.%s.quarantine.*".formatted(set);
    }

    /// The bucket with the types of each fingerprint.
    String types() {
        return "ipc_%s_types".formatted(set);
    }

    private String subject(String rest) {
        return "ipc.%s.%s.%s".formatted(set, fingerprint, rest);
    }

    String jobs(int priority) {
        return subject("job.p" + priority);
    }

    String allJobs() {
        return subject("job.*");
    }

    String consumer(int priority) {
        return "p" + priority;
    }

    /// What a process that asks is reached by.
    String asker(String id) {
        return subject("asker." + id);
    }

    /// What a node is reached by.
    String node(String id) {
        return subject("node." + id);
    }

    /// Signs of life of one that asks, and those of all.
    String askerBeat(String id) {
        return subject("beat.asker." + id);
    }

    String askerBeats() {
        return askerBeat("*");
    }

    /// Signs of life of a node, and those of all.
    String nodeBeat(String id) {
        return subject("beat.node." + id);
    }

    String nodeBeats() {
        return nodeBeat("*");
    }

    /// The priority in the engine of a job with so many steps.
    static int priority(int steps) {
        if (steps < 0) {
            return 0;
        }
        return steps == 0 ? USUAL_PRIORITY : steps < HIGH_STEPS ? 2 : PRIORITIES - 1;
    }
}
