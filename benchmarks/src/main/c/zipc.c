/*
 * Two processes that exchange messages of 64 bytes by two queues of native/zipc.h.
 *
 * Every message carries eight words that count up from its sequence, and every one is checked on
 * arrival.
 *
 * usage: zipc LEAD_CPU FOLLOW_CPU NAME spin|sleep, a cpu of -1 pins nothing. Then a line a slice on
 * stdin, "roundtrip MILLIS" or "stream MILLIS"; the answer has the form of the Java workers' answers.
 */
#define _GNU_SOURCE
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "cacheline.h"
#include "zipc.h"

#define SLOTS 64
#define SLOT_BYTES 1024
#define WORDS 8
#define STOP ((uint64_t) -1000)
#define LONGEST 1000000         /* nanoseconds that the histogram keeps apart */
#define PATIENCE 20000          /* milliseconds */

static ZipcContext out, in;
static int is_spinning;
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

static void put(uint64_t sequence) {
    uint64_t words[WORDS];
    for (uint64_t i = 0; i < WORDS; i++) {
        words[i] = sequence + i;
    }
    while (!zipc_send(&out, (const uint8_t *) words, sizeof words)) {
        PAUSE(); /* full: nothing wakes a sender once there is room */
    }
}

static uint64_t take(uint64_t expected) {
    uint8_t *message;
    uint64_t words[WORDS];
    uint32_t length = is_spinning ? zipc_receive(&in, &message)
                                  : zipc_receive_blocking(&in, &message, PATIENCE);
    while (length == 0 && is_spinning) {
        PAUSE();
        length = zipc_receive(&in, &message);
    }
    if (length != sizeof words) {
        fail("a message is not the one that was sent");
    }
    memcpy(words, message, sizeof words);
    uint64_t wrong = words[0] ^ (words[0] == STOP ? STOP : expected);
    for (uint64_t i = 0; i < WORDS; i++) {
        wrong |= words[i] ^ (words[0] + i);
    }
    if (wrong != 0) {
        fail("a message is not the one that was sent");
    }
    return words[0];
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

static void answer(uint64_t messages, uint64_t nanos, uint64_t p50, uint64_t p99) {
    printf("slice messages=%lu nanos=%lu p50=%lu p99=%lu allocated=0\n", messages, nanos, p50, p99);
    fflush(stdout);
}

static void lead_round_trips(uint64_t length) {
    memset(histogram, 0, sizeof histogram);
    uint64_t sequence = 0, count = 0, after;
    uint64_t settled = now() + SETTLE_NANOS, end = settled + length;
    do {
        uint64_t before = now();
        put(sequence);
        take(sequence++);
        after = now();
        if (after >= settled) {
            uint64_t took = after - before;
            histogram[took < LONGEST ? took : LONGEST]++;
            count++;
        }
    } while (after < end);
    put(STOP);
    answer(count, after - settled, percentile(count, 0.5), percentile(count, 0.99));
}

static void lead_stream(uint64_t length) {
    uint64_t end = now() + SETTLE_NANOS + length;
    for (uint64_t sequence = 0; (sequence & 0xFF) != 0 || now() < end; sequence++) {
        put(sequence);
    }
    put(STOP);
}

static void follow_round_trips(void) {
    for (uint64_t sequence = 0, found; (found = take(sequence)) != STOP; sequence++) {
        put(found);
    }
}

static void follow_stream(uint64_t *messages, uint64_t *nanos) {
    uint64_t settled = now() + SETTLE_NANOS, start = 0, first = 0, sequence = 0;
    for (; take(sequence) != STOP; sequence++) {
        if (start == 0 && (sequence & 0xFF) == 0 && now() >= settled) {
            start = now();
            first = sequence + 1;
        }
    }
    *nanos = now() - start;
    *messages = sequence - first;
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

static void open_queues(const char *there, const char *back, int is_leader) {
    out = zipc_create_sender(is_leader ? there : back, SLOTS, SLOT_BYTES);
    in = zipc_create_receiver(is_leader ? back : there, SLOTS, SLOT_BYTES);
    if (out.queue == NULL || in.queue == NULL) {
        fail("the queues cannot be opened");
    }
}

static void follow(int commands, int results) {
    char command;
    while (read(commands, &command, 1) == 1) {
        uint64_t result[2] = {0, 0};
        if (command == 'r') {
            follow_round_trips();
        } else {
            follow_stream(&result[0], &result[1]);
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
        if (write(commands, shape, 1) != 1) {
            fail("the follower is gone");
        }
        if (shape[0] == 'r') {
            lead_round_trips(millis * 1000000u);
        } else {
            lead_stream(millis * 1000000u);
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
    char back[41];
    if (count != 5 || pipe(commands) != 0 || pipe(results) != 0) {
        fail("usage: zipc LEAD_CPU FOLLOW_CPU NAME spin|sleep");
    }
    is_spinning = strcmp(arguments[4], "spin") == 0;
    snprintf(back, sizeof back, "%sb", arguments[3]);
    pid_t child = fork();
    if (child < 0) {
        fail("fork");
    }
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL); /* it may be spinning when the leader is killed */
        pin(atoi(arguments[2]));
        close(commands[1]);
        open_queues(arguments[3], back, 0);
        follow(commands[0], results[1]);
        return 0;
    }
    pin(atoi(arguments[1]));
    close(results[1]);
    open_queues(arguments[3], back, 1);
    printf("ready\n");
    fflush(stdout);
    lead(commands[1], results[0]);
    zipc_unlink(arguments[3]);
    zipc_unlink(back);
    return 0;
}
