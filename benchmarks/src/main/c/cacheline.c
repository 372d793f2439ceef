/*
 * The physical limits that the Java numbers are compared with: two processes, each pinned to a
 * processor of its own, that share memory and busy-wait.
 *
 *   round trip   one cache line there, one back; a message of 48 bytes and its sequence in each
 *   stream       a ring with one writer and one reader, a cache line for each record
 *   large        the same with slots of 1 MiB, see large.c
 *
 * Every message carries a sequence in six words, and every one is checked on arrival.
 *
 * usage: cacheline LEAD_CPU FOLLOW_CPU, a cpu of -1 pins nothing. Then a line a slice on stdin,
 * "roundtrip MILLIS", "stream MILLIS" or "large MILLIS"; the answer has the form of the Java workers' answers.
 */
#define _GNU_SOURCE
#include <sched.h>
#include <signal.h>
#include <stdalign.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "cacheline.h"

#define WORDS 6
#define SLOTS 1024              /* 64 KiB, as our rings have by default */
#define AHEAD 8                 /* slots that the writer makes its own at once */
#define PAUSES 64               /* of a reader that finds nothing, so that it finds more next time */
#define STOP UINT64_MAX
#define LONGEST 1000000         /* nanoseconds that the histogram tells apart */

struct message {
    alignas(64) _Atomic uint64_t sequence; /* the commit word; 0 says "nothing yet" */
    uint64_t words[WORDS];
};

/* Blocks of two cache lines, since processors fetch lines in pairs. */
struct shared {
    alignas(128) struct message there;
    alignas(128) struct message back;
    alignas(128) _Atomic uint64_t head; /* slots that have been read */
    alignas(128) struct message ring[SLOTS];
};

static struct shared *shared;
static uint32_t histogram[LONGEST + 1];

void fail(const char *what) {
    printf("failed %s\n", what);
    fflush(stdout);
    exit(1);
}

uint64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t) time.tv_sec * 1000000000u + (uint64_t) time.tv_nsec;
}

static void fill(uint64_t *words, uint64_t sequence) {
    for (int i = 0; i < WORDS; i++) {
        words[i] = sequence + (uint64_t) i;
    }
}

static void check(const uint64_t *words, uint64_t sequence) {
    uint64_t wrong = 0;
    for (int i = 0; i < WORDS; i++) {
        wrong |= words[i] ^ (sequence + (uint64_t) i);
    }
    if (wrong != 0) {
        fail("a message is not the one that was sent");
    }
}

static void put(struct message *line, uint64_t sequence) {
    fill(line->words, sequence);
    atomic_store_explicit(&line->sequence, sequence, memory_order_release);
}

static void await(struct message *line, uint64_t sequence) {
    while (atomic_load_explicit(&line->sequence, memory_order_acquire) != sequence) {
    }
    check(line->words, sequence);
}

/* The answer to a slice; p50 and p99 in nanoseconds. */
static void answer(uint64_t messages, uint64_t nanos, uint64_t p50, uint64_t p99) {
    printf("slice messages=%lu nanos=%lu p50=%lu p99=%lu allocated=0\n", messages, nanos, p50, p99);
    fflush(stdout);
}

static uint64_t percentile(uint64_t count, double share) {
    uint64_t seen = 0;
    for (int nanos = 0; nanos <= LONGEST; nanos++) {
        seen += histogram[nanos];
        if ((double) seen >= share * (double) count) {
            return (uint64_t) nanos;
        }
    }
    return LONGEST;
}

static void lead_round_trips(uint64_t length) {
    memset(histogram, 0, sizeof histogram);
    uint64_t sequence = 0, count = 0;
    uint64_t settled = now() + SETTLE_NANOS, end = settled + length, after;
    do {
        uint64_t before = now();
        put(&shared->there, ++sequence);
        await(&shared->back, sequence);
        after = now();
        if (after >= settled) {
            uint64_t took = after - before;
            histogram[took < LONGEST ? took : LONGEST]++;
            count++;
        }
    } while (after < end);
    atomic_store_explicit(&shared->there.sequence, STOP, memory_order_release);
    while (atomic_load_explicit(&shared->back.sequence, memory_order_acquire) != STOP) {
    }
    answer(count, after - settled, percentile(count, 0.5), percentile(count, 0.99));
}

static void follow_round_trips(void) {
    uint64_t sequence = 0;
    while (1) {
        uint64_t found;
        do {
            found = atomic_load_explicit(&shared->there.sequence, memory_order_acquire);
        } while (found == sequence || found == 0);
        if (found == STOP) {
            atomic_store_explicit(&shared->there.sequence, 0, memory_order_relaxed);
            atomic_store_explicit(&shared->back.sequence, STOP, memory_order_release);
            return;
        }
        check(shared->there.words, ++sequence);
        put(&shared->back, sequence);
    }
}

/*
 * No index line travels: a slot's own commit word says that it is full. The writer empties the words of several
 * slots ahead at once, which also fetches their lines, and looks at the reader's head only when the head
 * as last seen leaves no room.
 */
static void lead_stream(uint64_t length) {
    uint64_t tail = 0, head = 0, end = now() + SETTLE_NANOS + length;
    int is_over = 0;
    while (!is_over) {
        if ((tail & 0xFFF) == 0) {
            is_over = now() >= end;
        }
        if (tail % AHEAD == 0) {
            while (tail + 2 * AHEAD - head > SLOTS) {
                head = atomic_load_explicit(&shared->head, memory_order_acquire);
            }
            for (uint64_t slot = tail + AHEAD; slot < tail + 2 * AHEAD; slot++) {
                atomic_store_explicit(&shared->ring[slot % SLOTS].sequence, 0, memory_order_relaxed);
            }
        }
        struct message *slot = &shared->ring[tail % SLOTS];
        fill(slot->words, tail);
        atomic_store_explicit(&slot->sequence, is_over ? STOP : ++tail, memory_order_release);
    }
}

/* The reader takes what is there, up to an eighth of the ring, then gives the room back. */
static void follow_stream(uint64_t *messages, uint64_t *nanos) {
    uint64_t head = 0, first = 0, start = 0, settled = now() + SETTLE_NANOS;
    int is_over = 0;
    while (!is_over) {
        uint64_t batch = head + SLOTS / 8, found = 0;
        while (head < batch && !is_over) {
            struct message *slot = &shared->ring[head % SLOTS];
            found = atomic_load_explicit(&slot->sequence, memory_order_acquire);
            if (found == 0) {
                break;
            }
            check(slot->words, head++);
            is_over = found == STOP;
        }
        atomic_store_explicit(&shared->head, head, memory_order_release);
        if (found == 0) {
            for (int i = 0; i < PAUSES; i++) {
                PAUSE();
            }
        }
        if (start == 0) {
            uint64_t time = now();
            if (time >= settled) {
                start = time;
                first = head;
            }
        }
    }
    *nanos = now() - start;
    *messages = head - first;
}

static void pin(int cpu) {
    if (cpu >= 0) {
        cpu_set_t set;
        CPU_ZERO(&set);
        CPU_SET(cpu, &set);
        if (sched_setaffinity(0, sizeof set, &set) != 0) {
            fail("sched_setaffinity");
        }
    }
}

/* The follower: the first letter of a slice's command comes through `commands`, the result of a stream goes back. */
static void follow(int commands, int results) {
    char command;
    while (read(commands, &command, 1) == 1) {
        uint64_t result[2] = {0, 0};
        if (command == 'r') {
            follow_round_trips();
        } else if (command == 's') {
            follow_stream(&result[0], &result[1]);
        } else {
            follow_large(&result[0], &result[1]);
        }
        if (write(results, result, sizeof result) != sizeof result) {
            exit(1);
        }
    }
}

static void lead(int commands, int results) {
    char line[100];
    while (fgets(line, sizeof line, stdin) != NULL) {
        char shape[20];
        unsigned long millis;
        if (sscanf(line, "%19s %lu", shape, &millis) != 2) {
            fail("not a command");
        }
        memset(shared, 0, sizeof *shared);
        reset_large();
        if (write(commands, shape, 1) != 1) {
            fail("the follower is gone");
        }
        if (shape[0] == 'r') {
            lead_round_trips(millis * 1000000u);
        } else if (shape[0] == 's') {
            lead_stream(millis * 1000000u);
        } else {
            lead_large(millis * 1000000u);
        }
        uint64_t result[2];
        if (read(results, result, sizeof result) != sizeof result) {
            fail("the follower is gone");
        }
        if (shape[0] != 'r') {
            answer(result[0], result[1], 0, 0);
        }
    }
}

int main(int count, char **arguments) {
    int commands[2], results[2];
    if (count != 3 || pipe(commands) != 0 || pipe(results) != 0) {
        fail("usage: cacheline LEAD_CPU FOLLOW_CPU");
    }
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED) {
        fail("mmap");
    }
    map_large();
    pid_t child = fork();
    if (child < 0) {
        fail("fork");
    }
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL); /* it may be spinning when the leader is killed */
        pin(atoi(arguments[2]));
        close(commands[1]);
        follow(commands[0], results[1]);
        return 0;
    }
    pin(atoi(arguments[1]));
    close(results[1]);
    printf("ready\n");
    fflush(stdout);
    lead(commands[1], results[0]);
    return 0;
}
