/*
 * Checks the promises of zipc.h about queues, in its own memory: without a file, and without
 * another process. Prints "ok", or the line of the check that fails.
 */
#include <errno.h>
#include <pthread.h>
#include <time.h>

#include "check.h"
#include "zipc.h"

#ifdef ZIPC_CLASSIC
enum { ALIGNED = 1 };
#else
enum { ALIGNED = 4 };
#endif

#ifdef ZIPC_STRICT
enum { PATIENCE = 999 };
#else
enum { PATIENCE = 60000 }; /* milliseconds: what has not come by then does not come */
#endif

static _Alignas(8) uint8_t memory[64 * 1024];
static ZipcContext sender, receiver;

static void open_queue(uint32_t queue_size, uint32_t message_size) {
    size_t size = zipc_shared_memory_size(queue_size, message_size);
    CHECK(size > 0 && size <= sizeof(memory));
    memset(memory, 0, sizeof(memory));
    memset(memory + size, 0xee, sizeof(memory) - size); /* bytes after the queue */
    receiver = zipc_init_receiver("/queue", memory, queue_size, message_size, 1);
    sender = zipc_init_sender("/queue", memory, queue_size, message_size, 2);
    CHECK(receiver.queue != NULL && sender.queue != NULL);
}

static void check_that_nothing_lies_after(void) {
    size_t size = zipc_shared_memory_size(sender.params.queue_size, sender.params.message_size);
    for (size_t i = size; i < sizeof(memory); i++) {
        CHECK(memory[i] == 0xee);
    }
}

static bool send_text(const char *text) {
    return zipc_send(&sender, (const uint8_t *)text, strlen(text));
}

static void expect(const char *text) {
    uint8_t *message;
    uint32_t length = zipc_receive(&receiver, &message);
    CHECK(message != NULL && IS(message, length, text));
}

static void expect_none(int error) {
    uint8_t *message = memory;
    CHECK(zipc_receive(&receiver, &message) == 0 && message == NULL && errno == error);
}

/* The numbers of docs/zipc.md: each at its offset, byte by byte. */
static void everything_lies_where_the_format_says(void) {
    static const uint32_t sizes[][2] = {{8, 1536}, {64, 512}, {3, 5}, {5, 7}, {2, 1}};
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        uint32_t queue_size = sizes[i][0], message_size = sizes[i][1];
        size_t slots = 128 + 8 * (size_t)queue_size;
        size_t flag = slots + (size_t)queue_size * message_size;
        flag = (flag + ALIGNED - 1) / ALIGNED * ALIGNED;
        open_queue(queue_size, message_size);
        CHECK(zipc_shared_memory_size(queue_size, message_size) == flag + 4);
        int32_t magic = 0x5a495043;
        CHECK(memcmp(memory + flag, &magic, 4) == 0);
        CHECK(send_text("!"));
        uint32_t tail = 1;
        uint64_t length = 1;
        CHECK(memcmp(memory + 64, &tail, 4) == 0);
        CHECK(memcmp(memory + 128, &length, 8) == 0);
        CHECK(memory[slots] == '!');
        expect("!");
        CHECK(memcmp(memory, &tail, 4) == 0);
        check_that_nothing_lies_after();
    }
}

static void capacity_is_one_less_than_the_slots(void) {
    open_queue(4, 16);
    CHECK(send_text("one") && send_text("two") && send_text("three"));
    CHECK(!send_text("four") && errno == EAGAIN);
    expect("one");
    CHECK(send_text("four"));
    CHECK(!send_text("five") && errno == EAGAIN);
}

static void message_that_was_given_last_is_never_written(void) {
    open_queue(4, 16);
    CHECK(send_text("held"));
    uint8_t *held;
    uint32_t length = zipc_receive(&receiver, &held);
    int sent = 0;
    while (send_text("overwritten")) {
        sent++;
    }
    CHECK(sent == 3);
    CHECK(IS(held, length, "held"));
}

static void order_is_kept_over_many_rounds(void) {
    static const uint32_t sizes[][2] = {{2, 16}, {3, 5}, {4, 16}, {64, 512}};
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        open_queue(sizes[i][0], sizes[i][1]);
        int sent = 0, received = 0;
        char text[16];
        while (received < 1000) {
            do {
                snprintf(text, sizeof(text), "%d", sent);
            } while (send_text(text) && ++sent % 7 != 0);
            while (received < sent) {
                snprintf(text, sizeof(text), "%d", received++);
                expect(text);
            }
        }
        check_that_nothing_lies_after();
    }
}

static void message_may_be_empty_and_may_fill_its_slot(void) {
    open_queue(2, 16);
    uint8_t *message;
    CHECK(zipc_send(&sender, NULL, 0));
    CHECK(zipc_receive(&receiver, &message) == 0 && message != NULL);
    CHECK(send_text(""));
    CHECK(zipc_receive_blocking(&receiver, &message, 0) == 0 && message != NULL);
    CHECK(send_text("0123456789abcdef"));
    expect("0123456789abcdef");
    CHECK(!send_text("0123456789abcdefg") && errno == EMSGSIZE);
    CHECK(strstr(zipc_error(), "a slot of the queue /queue: bytes=17, at most=16: ") != NULL);
    CHECK(!zipc_send(&sender, memory, SIZE_MAX) && errno == EMSGSIZE);
    CHECK(!zipc_send(&sender, NULL, 1) && errno == EINVAL);
    CHECK(strstr(zipc_error(), "a message of the queue /queue is NULL: bytes=1: ") != NULL);
    expect_none(EAGAIN);
    check_that_nothing_lies_after();
}

static void length_beyond_the_slot_is_that_of_the_slot(void) {
    static const uint64_t lengths[] = {17, 1u << 31, UINT32_MAX, UINT64_C(1) << 32, UINT64_MAX};
    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        open_queue(4, 16);
        uint8_t *message;
        CHECK(send_text("short"));
        memcpy(memory + 128, &lengths[i], 8);
        CHECK(zipc_receive(&receiver, &message) == 16 && memcmp(message, "short", 5) == 0);
    }
}

static void index_that_cannot_be_is_never_followed(void) {
    static const uint32_t indices[] = {4, 5, 1u << 31, UINT32_MAX};
    for (size_t i = 0; i < sizeof(indices) / sizeof(indices[0]); i++) {
        for (size_t offset = 0; offset <= 64; offset += 64) {
            open_queue(4, 16);
            CHECK(send_text("in vain"));
            memcpy(memory + offset, &indices[i], 4);
            expect_none(EPROTO);
            uint8_t *message = memory;
            CHECK(zipc_receive_blocking(&receiver, &message, PATIENCE) == 0 && errno == EPROTO);
            CHECK(!send_text("in vain") && errno == EPROTO);
            check_that_nothing_lies_after();
        }
    }
}

static void nothing_is_received_before_a_sender_has_set_the_flag(void) {
    open_queue(4, 16);
    memset(sender.init_flag, 0, 4);
    expect_none(EAGAIN);
    memset(sender.init_flag, 0x43, 1); /* a sender is writing it */
    expect_none(EAGAIN);
    CHECK(send_text("other sizes"));
    expect_none(EPROTO);
    memset(sender.init_flag, 0, 4);
    expect_none(EPROTO);
    uint8_t *message = memory;
    CHECK(zipc_receive_blocking(&receiver, &message, PATIENCE) == 0 && errno == EPROTO);
    memset(sender.init_flag, 0x11, 4);
    expect_none(EPROTO);
    ZipcContext other = zipc_init_sender("/queue", memory, 4, 16, 3);
    CHECK(other.queue == NULL && errno == EPROTO && strstr(zipc_error(), "0x11111111") != NULL);
}

static int64_t millis(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

static void wait_ends_after_its_time(void) {
    static const uint16_t times[] = {0, 1, 30, 120};
    open_queue(4, 16);
    for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
        uint8_t *message = memory;
        int64_t start = millis();
        CHECK(zipc_receive_blocking(&receiver, &message, times[i]) == 0);
        CHECK(errno == ETIMEDOUT && message == NULL && receiver.queue->waiters == 0);
        CHECK(millis() - start + 1 >= times[i]);
        char sentence[80];
        snprintf(sentence, sizeof(sentence), "by the queue /queue within %u ms: ", times[i]);
        CHECK(strstr(zipc_error(), sentence) != NULL);
    }
}

static void longer_times_are_for_those_who_are_not_strict(void) {
    open_queue(4, 16);
    uint8_t *message = memory;
    CHECK(send_text("there"));
#ifdef ZIPC_STRICT
    CHECK(zipc_receive_blocking(&receiver, &message, 1000) == 0 && errno == EINVAL);
    CHECK(strstr(zipc_error(), "is 999 ms at most") != NULL);
    CHECK(strstr(zipc_error(), "timeout=1000 ms") != NULL);
    CHECK(message == NULL);
    CHECK(zipc_receive_blocking(&receiver, &message, 999) == 5);
#else
    CHECK(zipc_receive_blocking(&receiver, &message, UINT16_MAX) == 5);
#endif
}

#ifndef ZIPC_STRICT
static void *send_late(void *nothing) {
    while (__atomic_load_n(&receiver.queue->waiters, __ATOMIC_SEQ_CST) == 0) {
        nanosleep(&(struct timespec){0, 100000}, NULL); /* until the receiver sleeps */
    }
    __atomic_store_n(&receiver.queue->waiters, 0, __ATOMIC_SEQ_CST);
    CHECK(send_text("late"));
    return nothing;
}

static void sender_wakes_a_receiver_that_is_not_counted(void) {
    open_queue(4, 16);
    for (int i = 0; i < 20; i++) {
        pthread_t thread;
        CHECK(pthread_create(&thread, NULL, send_late, NULL) == 0);
        uint8_t *message;
        uint32_t length = zipc_receive_blocking(&receiver, &message, PATIENCE);
        CHECK(message != NULL && IS(message, length, "late"));
        pthread_join(thread, NULL);
        CHECK(receiver.queue->waiters == 0); /* and not less */
    }
}
#endif

static void invalid_context_does_nothing(void) {
    open_queue(4, 16);
    ZipcContext invalid = zipc_init_receiver("queue", memory, 4, 16, 1);
    uint8_t *message = memory;
    CHECK(invalid.queue == NULL && errno == EINVAL);
    CHECK(!zipc_send(&invalid, memory, 1) && errno == EINVAL);
    CHECK(!zipc_send(NULL, memory, 1) && errno == EINVAL);
    CHECK(zipc_receive(&invalid, &message) == 0 && message == NULL && errno == EINVAL);
    CHECK(zipc_receive_blocking(&invalid, &message, PATIENCE) == 0 && errno == EINVAL);
    CHECK(zipc_receive_blocking(NULL, &message, PATIENCE) == 0 && errno == EINVAL);
    CHECK(strstr(zipc_error(), "name=\"queue\"") != NULL); /* the reason why there is none */
    CHECK(zipc_receive_blocking(&receiver, NULL, PATIENCE) == 0 && errno == EINVAL);
    CHECK(strstr(zipc_error(), "no place for a message of the queue /queue") != NULL);
    zipc_destroy(&invalid);
    zipc_destroy(NULL);
}

static void context_of_the_other_side_is_refused_in_a_sentence(void) {
    open_queue(4, 16);
    uint8_t *message = memory;
    CHECK(send_text("kept"));
    CHECK(!zipc_send(&receiver, memory, 1) && errno == EINVAL);
    CHECK(strstr(zipc_error(), "a receiver of the queue /queue cannot send") != NULL);
    CHECK(zipc_receive(&sender, &message) == 0 && message == NULL && errno == EINVAL);
    CHECK(strstr(zipc_error(), "a sender of the queue /queue cannot receive") != NULL);
    CHECK(zipc_receive_blocking(&sender, &message, PATIENCE) == 0 && errno == EINVAL);
    expect("kept");
    expect_none(EAGAIN);
}

static void destroy_leaves_memory_of_the_callers(void) {
    open_queue(4, 16);
    CHECK(send_text("kept"));
    zipc_destroy(&sender);
    zipc_destroy(&sender);
    CHECK(sender.queue == NULL && !send_text("more"));
    expect("kept");
}

static void memory_that_is_not_aligned_is_refused(void) {
    CHECK(zipc_init_sender("/queue", memory + 4, 4, 16, 1).queue == NULL && errno == EINVAL);
    CHECK(strstr(zipc_error(), "aligned to 8 bytes") != NULL);
    CHECK(zipc_init_sender("/queue", NULL, 4, 16, 1).queue == NULL && errno == EINVAL);
}

int main(void) {
    everything_lies_where_the_format_says();
    capacity_is_one_less_than_the_slots();
    message_that_was_given_last_is_never_written();
    order_is_kept_over_many_rounds();
    message_may_be_empty_and_may_fill_its_slot();
    length_beyond_the_slot_is_that_of_the_slot();
    index_that_cannot_be_is_never_followed();
    nothing_is_received_before_a_sender_has_set_the_flag();
    wait_ends_after_its_time();
    longer_times_are_for_those_who_are_not_strict();
#ifndef ZIPC_STRICT
    sender_wakes_a_receiver_that_is_not_counted();
#endif
    invalid_context_does_nothing();
    context_of_the_other_side_is_refused_in_a_sentence();
    destroy_leaves_memory_of_the_callers();
    memory_that_is_not_aligned_is_refused();
    puts("ok");
    return 0;
}
