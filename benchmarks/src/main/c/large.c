/*
 * A ring of slots of 1 MiB with one writer and one reader: memcpy in, memcpy out.
 *
 * Both sides have the message in memory of their own. The first word of each page of it is the
 * sequence and the page's number, written before the copy in and checked after the copy out; all
 * other words are their own index, and are checked in the first message of a slice.
 */
#define _GNU_SOURCE
#include <stdalign.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>

#include "large.h"
#include "pair.h"

#define SLOTS 8
#define LENGTH (1 << 20)
#define WORDS (LENGTH / 8)
#define PAGE (4096 / 8)         /* words of a page */

struct large {
    alignas(128) _Atomic uint64_t tail;    /* messages written */
    alignas(128) _Atomic uint64_t is_over; /* nothing is written any more */
    alignas(128) _Atomic uint64_t head;    /* messages read */
    alignas(4096) uint64_t slots[SLOTS][WORDS];
};

static struct large *large;
static uint64_t own[WORDS]; /* each process has its own */

void map_large(void) {
    large = mmap(NULL, sizeof *large, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (large == MAP_FAILED) {
        fail("mmap");
    }
    for (uint64_t i = 0; i < WORDS; i++) {
        own[i] = i;
    }
}

void reset_large(void) {
    large->tail = 0;
    large->is_over = 0;
    large->head = 0;
}

static void stamp(uint64_t sequence) {
    for (uint64_t i = 0; i < WORDS; i += PAGE) {
        own[i] = sequence + i / PAGE;
    }
}

static void check(uint64_t sequence) {
    uint64_t wrong = 0;
    for (uint64_t i = 0; i < WORDS; i += PAGE) {
        wrong |= own[i] ^ (sequence + i / PAGE);
    }
    for (uint64_t i = 0; sequence == 0 && i < WORDS; i++) {
        wrong |= i % PAGE == 0 ? 0 : own[i] ^ i;
    }
    if (wrong != 0) {
        fail("a long message is not the one that was sent");
    }
}

void lead_large(uint64_t length) {
    uint64_t tail = 0, end = now() + SETTLE_NANOS + length;
    while (now() < end) {
        stamp(tail);
        while (tail - atomic_load_explicit(&large->head, memory_order_acquire) == SLOTS) {
        }
        memcpy(large->slots[tail % SLOTS], own, LENGTH);
        atomic_store_explicit(&large->tail, ++tail, memory_order_release);
    }
    atomic_store_explicit(&large->is_over, 1, memory_order_release);
}

void follow_large(uint64_t *messages, uint64_t *nanos) {
    uint64_t head = 0, first = 0, start = 0, settled = now() + SETTLE_NANOS;
    while (1) {
        uint64_t is_over = atomic_load_explicit(&large->is_over, memory_order_acquire);
        if (head == atomic_load_explicit(&large->tail, memory_order_acquire)) {
            if (is_over) {
                break;
            }
            PAUSE();
            continue;
        }
        memcpy(own, large->slots[head % SLOTS], LENGTH);
        check(head);
        atomic_store_explicit(&large->head, ++head, memory_order_release);
        if (start == 0 && now() >= settled) {
            start = now();
            first = head;
        }
    }
    *nanos = now() - start;
    *messages = head - first;
}
