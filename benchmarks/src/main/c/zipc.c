/*
 * Two processes that exchange messages of 64 bytes by two queues of native/zipc.h.
 *
 * Every message carries eight words that count up from its sequence, and every one is checked on
 * arrival.
 *
 * usage: zipc LEAD_CPU FOLLOW_CPU NAME spin|sleep, then slices, see pair.h: "roundtrip MILLIS" or
 * "stream MILLIS".
 */
#define _GNU_SOURCE
#include "pair.h"
#include "zipc.h"

#define SLOTS 64
#define SLOT_BYTES 1024
#define WORDS 8
#define STOP ((uint64_t) -1000)
#define PATIENCE 20000          /* milliseconds */

static ZipcContext out, in;
static int is_spinning;

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

static void round_trip(uint64_t sequence) {
    put(sequence);
    take(sequence);
}

static void lead_stream(uint64_t length) {
    uint64_t end = now() + SETTLE_NANOS + length;
    for (uint64_t sequence = 0; (sequence & 0xFF) != 0 || now() < end; sequence++) {
        put(sequence);
    }
}

static struct result lead(struct slice slice) {
    struct result result = {0};
    if (slice.shape == 'r') {
        result = time_round_trips(slice.nanos, round_trip);
    } else {
        lead_stream(slice.nanos);
    }
    put(STOP);
    return result;
}

static void follow_round_trips(void) {
    for (uint64_t sequence = 1, found; (found = take(sequence)) != STOP; sequence++) {
        put(found);
    }
}

static struct result follow_stream(void) {
    uint64_t settled = now() + SETTLE_NANOS, start = 0, first = 0, sequence = 0;
    for (; take(sequence) != STOP; sequence++) {
        if (start == 0 && (sequence & 0xFF) == 0 && now() >= settled) {
            start = now();
            first = sequence + 1;
        }
    }
    return (struct result) {.messages = sequence - first, .nanos = now() - start};
}

static struct result follow(struct slice slice) {
    if (slice.shape != 'r') {
        return follow_stream();
    }
    follow_round_trips();
    return (struct result) {0};
}

static void open_queues(const char *there, const char *back, int is_leader) {
    out = zipc_create_sender(is_leader ? there : back, SLOTS, SLOT_BYTES);
    in = zipc_create_receiver(is_leader ? back : there, SLOTS, SLOT_BYTES);
    if (out.queue == NULL || in.queue == NULL) {
        fail("the queues cannot be opened");
    }
}

int main(int count, char **arguments) {
    if (count != 5) {
        fail("usage: zipc LEAD_CPU FOLLOW_CPU NAME spin|sleep");
    }
    const char *there = arguments[3];
    char back[41];
    snprintf(back, sizeof back, "%sb", there);
    is_spinning = strcmp(arguments[4], "spin") == 0;
    struct pair pair = fork_pair(arguments[1], arguments[2]);
    open_queues(there, back, pair.is_leader);
    if (pair.is_leader) {
        say_ready();
    }
    struct slice slice;
    while (next_slice(&pair, &slice)) {
        end_slice(&pair, slice.shape, pair.is_leader ? lead(slice) : follow(slice));
    }
    if (pair.is_leader) {
        zipc_unlink(there);
        zipc_unlink(back);
    }
    return 0;
}
