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
 * usage: cacheline LEAD_CPU FOLLOW_CPU, then slices, see pair.h: "roundtrip MILLIS", "stream
 * MILLIS" or "large MILLIS".
 */
#define _GNU_SOURCE
#include <stdalign.h>
#include <stdatomic.h>
#include <sys/mman.h>

#include "large.h"
#include "pair.h"

#define WORDS 6
#define SLOTS 1024              /* 64 KiB, as our rings have by default */
#define AHEAD 8                 /* slots that the writer makes its own at once */
#define PAUSES 64               /* of a reader that finds nothing, to find more next time */
#define STOP UINT64_MAX

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

static void round_trip(uint64_t sequence) {
    put(&shared->there, sequence);
    await(&shared->back, sequence);
}

static struct result lead_round_trips(uint64_t length) {
    struct result result = time_round_trips(length, round_trip);
    atomic_store_explicit(&shared->there.sequence, STOP, memory_order_release);
    while (atomic_load_explicit(&shared->back.sequence, memory_order_acquire) != STOP) {
    }
    return result;
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
 * No index line travels: a slot's own commit word says that it is full. The writer empties the
 * words of several slots ahead at once, which also fetches their lines, and looks at the reader's
 * head only when the head as last seen leaves no room.
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
                atomic_store_explicit(&shared->ring[slot % SLOTS].sequence, 0,
                        memory_order_relaxed);
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

static struct result lead(struct slice slice) {
    if (slice.shape == 'r') {
        return lead_round_trips(slice.nanos);
    }
    if (slice.shape == 's') {
        lead_stream(slice.nanos);
    } else {
        lead_large(slice.nanos);
    }
    return (struct result) {0};
}

static struct result follow(struct slice slice) {
    struct result result = {0};
    if (slice.shape == 'r') {
        follow_round_trips();
    } else if (slice.shape == 's') {
        follow_stream(&result.messages, &result.nanos);
    } else {
        follow_large(&result.messages, &result.nanos);
    }
    return result;
}

int main(int count, char **arguments) {
    if (count != 3) {
        fail("usage: cacheline LEAD_CPU FOLLOW_CPU");
    }
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED) {
        fail("mmap");
    }
    map_large();
    struct pair pair = fork_pair(arguments[1], arguments[2]);
    if (pair.is_leader) {
        say_ready();
    }
    struct slice slice;
    while (next_slice(&pair, &slice)) {
        end_slice(&pair, slice.shape, pair.is_leader ? lead(slice) : follow(slice));
        if (pair.is_leader) { /* all zeros, as at first, for the next one */
            memset(shared, 0, sizeof *shared);
            reset_large();
        }
    }
    return 0;
}
