/*
 * One side of a queue, for tests of the other: zipc_peer COMMAND NAME SLOTS BYTES [NUMBER]
 *
 *     send       sends NUMBER messages, and polls for room
 *     receive    receives NUMBER messages and checks each
 *     echo       receives NUMBER messages of any kind, and sends each back to the queue NAMEb
 *     flood      sends from message NUMBER on, until it is killed
 *     kills      kills NUMBER floods, each in the middle of its sends, and checks what they sent
 *     threads    sends NUMBER messages from one thread to another, over one mapping
 *     garbage    writes anything anywhere, by the seed NUMBER, until it is killed
 *     survive    receives from a queue with garbage, and reads what it gets, until it has got
 *                NUMBER messages and NUMBER errors
 *
 * Message n has 4 + n mod (BYTES - 3) bytes: n itself, in the machine's order, and then n * 31 + i
 * at offset i. The program prints a line as soon as it has opened the queue, and "ok" at its end.
 */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "check.h"
#include "zipc.h"

#define PATIENCE 60000 /* milliseconds: a message that has not come by then does not come */

static const char *name;
static uint32_t queue_size, message_size, number;

static void say(const char *line) {
    puts(line);
    fflush(stdout);
}

static void check_opened(ZipcContext context) {
    if (context.queue == NULL) {
        fprintf(stderr, "%s\n", zipc_error());
        exit(2);
    }
}

static ZipcContext open_sender(void) {
    ZipcContext sender = zipc_create_sender(name, queue_size, message_size);
    check_opened(sender);
    return sender;
}

static ZipcContext open_receiver(void) {
    ZipcContext receiver = zipc_create_receiver(name, queue_size, message_size);
    check_opened(receiver);
    return receiver;
}

static uint32_t length_of(uint32_t n) {
    return 4 + n % (message_size - 3);
}

static void send_message(ZipcContext *sender, uint8_t *message, uint32_t n) {
    uint32_t length = length_of(n);
    memcpy(message, &n, 4);
    for (uint32_t i = 4; i < length; i++) {
        message[i] = (uint8_t)(n * 31 + i);
    }
    while (!zipc_send(sender, message, length)) {
        CHECK(errno == EAGAIN);
        sched_yield();
    }
}

static void check_message(const uint8_t *message, uint32_t length, uint32_t n) {
    uint32_t given;
    CHECK(message != NULL && length == length_of(n));
    memcpy(&given, message, 4);
    CHECK(given == n);
    for (uint32_t i = 4; i < length; i++) {
        CHECK(message[i] == (uint8_t)(n * 31 + i));
    }
}

static void send_from(ZipcContext *sender, uint32_t first, uint32_t end) {
    uint8_t *message = malloc(message_size);
    CHECK(message != NULL);
    for (uint32_t n = first; n != end; n++) {
        send_message(sender, message, n);
    }
    free(message);
}

static void receive_from(ZipcContext *receiver, uint32_t first, uint32_t end) {
    for (uint32_t n = first; n != end; n++) {
        uint8_t *message;
        uint32_t length = zipc_receive_blocking(receiver, &message, PATIENCE);
        check_message(message, length, n);
    }
}

static void send_all(void) {
    ZipcContext sender = open_sender();
    say("open");
    send_from(&sender, 0, number);
    zipc_destroy(&sender);
}

static void receive_all(void) {
    ZipcContext receiver = open_receiver();
    say("open");
    receive_from(&receiver, 0, number);
    zipc_destroy(&receiver);
}

static void echo(void) {
    char back[48];
    snprintf(back, sizeof(back), "%sb", name);
    ZipcContext receiver = open_receiver();
    ZipcContext sender = zipc_create_sender(back, queue_size, message_size);
    check_opened(sender);
    say("open");
    for (uint32_t n = 0; n < number; n++) {
        uint8_t *message;
        uint32_t length = zipc_receive_blocking(&receiver, &message, PATIENCE);
        CHECK(message != NULL);
        while (!zipc_send(&sender, message, length)) {
            CHECK(errno == EAGAIN);
            sched_yield();
        }
    }
    zipc_destroy(&receiver);
    zipc_destroy(&sender);
}

static void flood(void) {
    ZipcContext sender = open_sender();
    say("open");
    send_from(&sender, number, number - 1);
}

/* A killed sender's messages are there without a gap; its successor continues after the last. */
static void kill_floods(void) {
    ZipcContext receiver = open_receiver();
    say("open");
    uint32_t next = 0;
    srand(number);
    for (uint32_t trial = 0; trial < number; trial++) {
        pid_t child = fork();
        CHECK(child >= 0);
        if (child == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL); /* none is left if a check fails */
            ZipcContext sender = open_sender();
            send_from(&sender, next, next - 1);
            _exit(0);
        }
        uint32_t end = next + 1 + (uint32_t)rand() % 400;
        receive_from(&receiver, next, end);
        int status;
        CHECK(kill(child, SIGKILL) == 0 && waitpid(child, &status, 0) == child);
        CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
        uint8_t *message;
        uint32_t length;
        for (next = end; length = zipc_receive(&receiver, &message), message != NULL; next++) {
            check_message(message, length, next);
        }
        CHECK(errno == EAGAIN);
    }
    zipc_destroy(&receiver);
}

static void *send_in_thread(void *sender) {
    send_from((ZipcContext *)sender, 0, number);
    return NULL;
}

static void run_threads(void) {
    size_t size = (zipc_shared_memory_size(queue_size, message_size) + 7) / 8 * 8;
    void *memory = aligned_alloc(8, size);
    CHECK(memory != NULL);
    memset(memory, 0, size);
    ZipcContext receiver = zipc_init_receiver(name, memory, queue_size, message_size, 1);
    ZipcContext sender = zipc_init_sender(name, memory, queue_size, message_size, 2);
    check_opened(receiver);
    check_opened(sender);
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, send_in_thread, &sender) == 0);
    receive_from(&receiver, 0, number);
    CHECK(pthread_join(thread, NULL) == 0);
    free(memory);
}

/* Possible and impossible indices, lengths of all magnitudes, sometimes another flag. */
static void write_garbage(void) {
    ZipcContext sender = open_sender();
    uint64_t *lengths = (uint64_t *)(void *)(sender.queue + 1);
    size_t size = zipc_shared_memory_size(queue_size, message_size);
    size_t flag = (size_t)((uint8_t *)sender.init_flag - (uint8_t *)sender.queue);
    srand(number);
    say("open");
    for (;;) {
        sched_yield(); /* so that the other side sees many states, each for a short time */
        uint32_t any = (uint32_t)rand() % (queue_size + queue_size / 8 + 1);
        volatile uint32_t *indices[] = {&sender.queue->head, &sender.queue->tail};
        *indices[rand() % 2] = any < queue_size ? any : (uint32_t)rand() * 2u;
        uint64_t fitting = (uint64_t)rand() % (message_size + 1);
        uint64_t length = rand() % 2 == 0 ? fitting : (uint64_t)rand() << rand() % 33;
        ((volatile uint64_t *)lengths)[rand() % (int)queue_size] = length;
        size_t place = 128 + (size_t)rand() % (size - 128 - 4);
        ((volatile uint8_t *)sender.queue)[place] = (uint8_t)rand();
        *(volatile uint32_t *)&sender.queue->waiters = (uint32_t)rand();
        bool is_right = rand() % 16 != 0;
        for (size_t i = 0; i < 4; i++) {
            uint8_t right = (uint8_t)((uint32_t)ZIPC_MAGIC >> (8 * i));
            ((volatile uint8_t *)sender.queue)[flag + i] = is_right ? right : (uint8_t)rand();
        }
    }
}

static void survive(void) {
    ZipcContext receiver;
    do { /* until the flag is right by chance */
        receiver = zipc_create_receiver(name, queue_size, message_size);
        CHECK(receiver.queue != NULL || errno == EPROTO);
    } while (receiver.queue == NULL);
    uint32_t sum = 0, given = 0, wrong = 0;
    say("open");
    for (uint32_t i = 0; given < number || wrong < number; i++) {
        uint8_t *message;
        uint32_t length = i % 8 == 0 ? zipc_receive_blocking(&receiver, &message, 1)
                : zipc_receive(&receiver, &message);
        CHECK(length <= message_size);
        for (uint32_t at = 0; at < length; at++) {
            sum += message[at];
        }
        given += message != NULL;
        wrong += message == NULL && errno == EPROTO;
        sched_yield();
    }
    printf("sum of all bytes: %u\n", sum);
}

int main(int count, char **arguments) {
    static const struct {
        const char *name;
        void (*run)(void);
    } commands[] = {{"send", send_all}, {"receive", receive_all}, {"echo", echo},
            {"flood", flood}, {"kills", kill_floods}, {"threads", run_threads},
            {"garbage", write_garbage}, {"survive", survive}};
    CHECK(count == 6);
    name = arguments[2];
    queue_size = (uint32_t)strtoul(arguments[3], NULL, 10);
    message_size = (uint32_t)strtoul(arguments[4], NULL, 10);
    number = (uint32_t)strtoul(arguments[5], NULL, 10);
    CHECK(message_size >= 4);
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
        if (strcmp(arguments[1], commands[i].name) == 0) {
            commands[i].run();
            say("ok");
            return 0;
        }
    }
    fprintf(stderr, "there is no command %s\n", arguments[1]);
    return 2;
}
