/*
 * A program like those from the first days of zipc: zipc_old COMMAND NAME SLOTS BYTES [NUMBER]
 *
 *     flood      sends from message 0 on, without checking for room, until it is killed
 *     receive    receives NUMBER messages and checks each
 *
 * It uses nothing of native/zipc.h, and knows only the format in zipc's own documents. Its sender
 * copies into the slot before it checks whether the queue is full, and then drops the message; its
 * receiver does not announce that it sleeps. Both create a missing file, and truncate the file to
 * their size. Message n is that of zipc_peer.c.
 */
#include <fcntl.h>
#include <errno.h>
#include <linux/futex.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

#define READY 0x5a495043
#define LONGEST 4096

static uint8_t *memory;
static _Atomic uint32_t *head, *tail;
static uint32_t slots, bytes;

static uint64_t *length_of_slot(uint32_t slot) {
    return (uint64_t *)(void *)(memory + 128 + 8 * (size_t)slot);
}

static uint8_t *slot_at(uint32_t slot) {
    return memory + 128 + 8 * (size_t)slots + (size_t)bytes * slot;
}

static uint32_t flag(void) {
    uint32_t found;
    memcpy(&found, slot_at(slots), 4);
    atomic_thread_fence(memory_order_acquire);
    return found;
}

static void open_queue(const char *name) {
    size_t size = 128 + 8 * (size_t)slots + (size_t)bytes * slots + 4;
    int file = shm_open(name, O_RDWR | O_CREAT, 0600);
    CHECK(file >= 0 && ftruncate(file, (off_t)size) == 0);
    memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    CHECK(memory != MAP_FAILED);
    close(file);
    head = (_Atomic uint32_t *)(void *)memory;
    tail = (_Atomic uint32_t *)(void *)(memory + 64);
}

static void say(const char *line) {
    puts(line);
    fflush(stdout);
}

static uint32_t fill(uint8_t *message, uint32_t n) {
    uint32_t length = 4 + n % (bytes - 3);
    memcpy(message, &n, 4);
    for (uint32_t i = 4; i < length; i++) {
        message[i] = (uint8_t)(n * 31 + i);
    }
    return length;
}

static void send_or_drop(const uint8_t *message, uint32_t length) {
    uint32_t slot = atomic_load_explicit(tail, memory_order_relaxed);
    memcpy(slot_at(slot), message, length);
    uint32_t next = (slot + 1) % slots;
    if (next == atomic_load_explicit(head, memory_order_acquire)) {
        return;
    }
    *length_of_slot(slot) = length;
    atomic_store_explicit(tail, next, memory_order_release);
    syscall(SYS_futex, tail, FUTEX_WAKE, 1, NULL, NULL, 0);
}

static void flood(void) {
    if (flag() != READY) {
        uint32_t ready = READY;
        atomic_store(head, 0);
        atomic_store(tail, 0);
        atomic_thread_fence(memory_order_release);
        memcpy(slot_at(slots), &ready, 4);
    }
    uint8_t message[LONGEST];
    for (uint32_t n = 0;; n++) {
        send_or_drop(message, fill(message, n));
    }
}

/* Sleeps until the tail has moved: a missing wake-up is one that was not sent. */
static uint32_t await_message(uint32_t slot) {
    uint32_t seen;
    while ((seen = atomic_load_explicit(tail, memory_order_acquire)) == slot) {
        struct timespec minute = {60, 0};
        long result = syscall(SYS_futex, tail, FUTEX_WAIT, seen, &minute, NULL, 0);
        CHECK(result == 0 || errno == EAGAIN || errno == EINTR);
    }
    return seen;
}

static void receive(uint32_t number) {
    while (flag() != READY) {
        sched_yield();
    }
    for (uint32_t n = 0; n < number; n++) {
        uint32_t slot = atomic_load_explicit(head, memory_order_relaxed);
        CHECK(await_message(slot) < slots);
        uint8_t expected[LONGEST];
        uint32_t length = fill(expected, n);
        CHECK(*length_of_slot(slot) == length);
        CHECK(memcmp(slot_at(slot), expected, length) == 0);
        atomic_store_explicit(head, (slot + 1) % slots, memory_order_release);
    }
    say("ok");
}

int main(int count, char **arguments) {
    CHECK(count == 6);
    slots = (uint32_t)strtoul(arguments[3], NULL, 10);
    bytes = (uint32_t)strtoul(arguments[4], NULL, 10);
    CHECK(bytes >= 4 && bytes <= LONGEST);
    open_queue(arguments[2]);
    say("open");
    if (strcmp(arguments[1], "flood") == 0) {
        flood();
    }
    CHECK(strcmp(arguments[1], "receive") == 0);
    receive((uint32_t)strtoul(arguments[5], NULL, 10));
    return 0;
}
