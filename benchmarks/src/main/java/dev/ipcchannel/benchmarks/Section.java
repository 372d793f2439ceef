package dev.ipcchannel.benchmarks;

import static java.util.stream.Collectors.joining;

import java.util.Arrays;
import java.util.Locale;
import org.apache.commons.cli.ParseException;

/// The sections that can be measured by name.
enum Section {

    FULL("all of the following: quick, types, many, calls, named, broadcast, zipc and workers") {
        @Override
        void run(Machine machine, Report report, Pace pace) throws InterruptedException {
            QUICK.run(machine, report, pace);
            TYPES.run(machine, report, pace);
            MANY.run(machine, report, pace);
            CALLS.run(machine, report, pace);
            NAMED.run(machine, report, pace);
            BROADCAST.run(machine, report, pace);
            ZIPC.run(machine, report, pace);
            WORKERS.run(machine, report, pace);
        }
    },

    QUICK("all of the following down to idle, in less than a minute") {
        @Override
        void run(Machine machine, Report report, Pace pace) throws InterruptedException {
            RoundTripSection.runBusy(machine, report, pace);
            StreamSection.runInPlace(machine, report, pace);
            RoundTripSection.runOthers(machine, report, pace.brief());
            StreamSection.runTyped(machine, report, pace.brief());
            try (IdleSection idle = IdleSection.start(machine)) {
                StartUpSection.run(machine, report, pace.rounds());
                DeathSection.run(machine, report, KILLS);
                idle.print(report);
            }
        }
    },

    ROUNDTRIP("round trips: cache line, ours in place, Aeron, all busy-waiting") {
        @Override
        void run(Machine machine, Report report, Pace pace) throws InterruptedException {
            RoundTripSection.runBusy(machine, report, pace);
        }
    },

    WAITS("round trips: hybrid, blocking, typed, and the JDK's Unix socket") {
        @Override
        void run(Machine machine, Report report, Pace pace) throws InterruptedException {
            RoundTripSection.runOthers(machine, report, pace);
        }
    },

    STREAM("one way: C ring, ours in place, Aeron") {
        @Override
        void run(Machine machine, Report report, Pace pace) throws InterruptedException {
            StreamSection.runInPlace(machine, report, pace);
        }
    },

    TYPED("one way: send and receive of objects") {
        @Override
        void run(Machine machine, Report report, Pace pace) throws InterruptedException {
            StreamSection.runTyped(machine, report, pace);
        }
    },

    STARTUP("scripts/demo against two hello JVMs") {
        @Override
        void run(Machine machine, Report report, Pace pace) throws InterruptedException {
            StartUpSection.run(machine, report, pace.rounds());
        }
    },

    DEATH("from SIGKILL of a child to Disconnected") {
        @Override
        void run(Machine machine, Report report, Pace pace) throws InterruptedException {
            DeathSection.run(machine, report, KILLS);
        }
    },

    IDLE("processor time of an idle channel in 10 s") {
        @Override
        void run(Machine machine, Report report, Pace pace) throws InterruptedException {
            try (IdleSection idle = IdleSection.start(machine)) {
                idle.print(report);
            }
        }
    },

    TYPES("messages in full: codec, records, 1 MiB, a channel for each request") {
        @Override
        void run(Machine machine, Report report, Pace pace) throws InterruptedException {
            double recordBytes = CodecSection.run(machine, report, pace);
            RecordSection.run(machine, report, pace, recordBytes);
            LargeSection.run(machine, report, pace);
            ChannelSection.run(machine, report, pace);
        }
    },

    MANY("waiting on many: select, idle and flooded members, virtual threads") {
        @Override
        void run(Machine machine, Report report, Pace pace) throws InterruptedException {
            ManySection.run(machine, report, pace);
        }
    },

    CALLS("calls beside the bare channels: round trips, 1,000 in flight") {
        @Override
        void run(Machine machine, Report report, Pace pace) throws InterruptedException {
            CallSection.run(machine, report, pace);
        }
    },

    NAMED("channels by name beside the bare ones, opening a name, sending to many") {
        @Override
        void run(Machine machine, Report report, Pace pace) throws InterruptedException {
            NamedSection.run(machine, report, pace);
        }
    },

    BROADCAST("routes beside bare channels and beside cpp-ipc, sending to many") {
        @Override
        void run(Machine machine, Report report, Pace pace) throws InterruptedException {
            BroadcastSection.run(machine, report, pace);
        }
    },

    ZIPC("queues of zipc beside a C program: round trips and streams, looking and by the futex") {
        @Override
        void run(Machine machine, Report report, Pace pace) throws InterruptedException {
            ZipcSection.run(machine, report, pace);
        }
    },

    WORKERS("worker sets, all of the following: setcalls, jobs, mixed, digests and spawn") {
        @Override
        void run(Machine machine, Report report, Pace pace) throws InterruptedException {
            SETCALLS.run(machine, report, pace);
            JOBS.run(machine, report, pace);
            MIXED.run(machine, report, pace);
            DIGESTS.run(machine, report, pace);
            SPAWN.run(machine, report, pace);
        }
    },

    SETCALLS("calls of a worker set beside bare channels and the JDK's Unix socket") {
        @Override
        void run(Machine machine, Report report, Pace pace) throws InterruptedException {
            SetCallSection.run(machine, report, pace);
        }
    },

    JOBS("many jobs in flight beside JSON lines and bare work, and what they cost") {
        @Override
        void run(Machine machine, Report report, Pace pace) throws InterruptedException {
            JobSection.run(machine, report, pace);
        }
    },

    MIXED("short jobs among rare long ones: how long they wait while a worker is idle") {
        @Override
        void run(Machine machine, Report report, Pace pace) throws InterruptedException {
            MixedSection.run(report, pace);
        }
    },

    DIGESTS("digests of files by a set that has just started, beside JSON lines") {
        @Override
        void run(Machine machine, Report report, Pace pace) throws InterruptedException {
            DigestSection.run(machine, report, pace);
        }
    },

    SPAWN("from the start of a worker set to its first reply; a spare that takes over") {
        @Override
        void run(Machine machine, Report report, Pace pace) throws InterruptedException {
            SpawnSection.run(machine, report, pace.rounds());
            TakeoverSection.run(report, pace.rounds());
        }
    };

    private static final int KILLS = 5;

    private final String description;

    Section(String description) {
        this.description = description;
    }

    /// @throws ParseException if there is none of that name
    static Section of(String name) throws ParseException {
        for (Section section : values()) {
            if (section.word().equals(name)) {
                return section;
            }
        }
        throw new ParseException("there is no section %s: the sections are %s".formatted(name,
                Arrays.stream(values()).map(Section::word).collect(joining(", "))));
    }

    /// How it is named on the command line.
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    String description() {
        return description;
    }

    abstract void run(Machine machine, Report report, Pace pace) throws InterruptedException;
}
