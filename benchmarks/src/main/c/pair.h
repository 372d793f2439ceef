/*
 * Two processes that exchange messages, a slice of time after the other: what the C programs have
 * in common.
 *
 * A slice is a line on the leader's stdin, such as "roundtrip MILLIS" or "stream MILLIS"; the
 * answer has the form of the Java workers' answers. The follower gets the first letter of each
 * slice through one pipe, and gives its result through another.
 */
#ifndef PAIR_H
#define PAIR_H

#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#define SETTLE_NANOS 10000000   /* of each slice, not counted: the processors wake up */
#define LONGEST 1000000         /* nanoseconds that have a place in the histogram */

#if defined(__x86_64__)
#define PAUSE() __builtin_ia32_pause()
#else
#define PAUSE() __asm__ volatile("yield")
#endif

struct pair {
    int is_leader;
    int in, out;                /* pipes from the other process, and to it */
};

struct slice {
    char shape;                 /* the first letter of its name */
    uint64_t nanos;
};

/* What a slice has come to: of round trips in the leader, of other shapes in the follower. */
struct result {
    uint64_t messages, nanos;
    uint64_t p50, p99;          /* nanoseconds of a round trip */
};

/* Says why on stdout and ends the process. */
static inline void fail(const char *what) {
    printf("failed %s\n", what);
    fflush(stdout);
    exit(1);
}

static inline uint64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t) time.tv_sec * 1000000000u + (uint64_t) time.tv_nsec;
}

static inline void pin(int cpu) {
    if (cpu >= 0) {
        cpu_set_t set;
        CPU_ZERO(&set);
        CPU_SET(cpu, &set);
        if (sched_setaffinity(0, sizeof set, &set) != 0) {
            fail("sched_setaffinity");
        }
    }
}

/* Forks the follower. A cpu of -1 pins nothing. */
static inline struct pair fork_pair(const char *lead_cpu, const char *follow_cpu) {
    int commands[2], results[2];
    if (pipe(commands) != 0 || pipe(results) != 0) {
        fail("pipe");
    }
    pid_t child = fork();
    if (child < 0) {
        fail("fork");
    }
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL); /* it may be spinning when the leader is killed */
        pin(atoi(follow_cpu));
        close(commands[1]);
        return (struct pair) {0, commands[0], results[1]};
    }
    pin(atoi(lead_cpu));
    close(results[1]);
    return (struct pair) {1, results[0], commands[1]};
}

static inline void say_ready(void) {
    printf("ready\n");
    fflush(stdout);
}

/* Waits for the next slice. Returns 0 where there is none any more. */
static inline int next_slice(const struct pair *pair, struct slice *slice) {
    char line[100], shape[20];
    unsigned long millis;
    if (!pair->is_leader) {
        return read(pair->in, &slice->shape, 1) == 1;
    }
    if (fgets(line, sizeof line, stdin) == NULL) {
        return 0;
    }
    if (sscanf(line, "%19s %lu", shape, &millis) != 2) {
        fail("not a command");
    }
    *slice = (struct slice) {shape[0], millis * 1000000u};
    if (write(pair->out, shape, 1) != 1) {
        fail("the follower is gone");
    }
    return 1;
}

/* Answers. After this the follower touches nothing that is shared until the next slice. */
static inline void end_slice(const struct pair *pair, char shape, struct result own) {
    struct result others;
    if (!pair->is_leader) {
        if (write(pair->out, &own, sizeof own) != sizeof own) {
            exit(1);
        }
        return;
    }
    if (read(pair->in, &others, sizeof others) != sizeof others) {
        fail("the follower is gone");
    }
    struct result counted = shape == 'r' ? own : others;
    printf("slice messages=%lu nanos=%lu p50=%lu p99=%lu allocated=0\n", counted.messages,
            counted.nanos, counted.p50, counted.p99);
    fflush(stdout);
}

static inline uint64_t percentile(const uint32_t *histogram, uint64_t count, double share) {
    uint64_t seen = 0;
    for (int nanos = 0; nanos <= LONGEST; nanos++) {
        seen += histogram[nanos];
        if ((double) seen >= share * (double) count) {
            return (uint64_t) nanos;
        }
    }
    return LONGEST;
}

/* Makes round trips, whose sequence counts from 1. Always inlined, with `round_trip` in it. */
static inline __attribute__((always_inline)) struct result time_round_trips(
        uint64_t length, void (*round_trip)(uint64_t sequence)) {
    static uint32_t histogram[LONGEST + 1];
    memset(histogram, 0, sizeof histogram);
    uint64_t sequence = 0, count = 0, after;
    uint64_t settled = now() + SETTLE_NANOS, end = settled + length;
    do {
        uint64_t before = now();
        round_trip(++sequence);
        after = now();
        if (after >= settled) {
            uint64_t took = after - before;
            histogram[took < LONGEST ? took : LONGEST]++;
            count++;
        }
    } while (after < end);
    return (struct result) {count, after - settled, percentile(histogram, count, 0.5),
                            percentile(histogram, count, 0.99)};
}

#endif
