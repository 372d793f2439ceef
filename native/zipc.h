/*
 * zipc.h: a queue of messages in shared memory, from one sender to one receiver, in C and in C++.
 *
 *     ZipcContext sender = zipc_create_sender("/orders", 64, 1024);
 *     if (!zipc_send(&sender, bytes, length)) { ... }
 *
 *     ZipcContext receiver = zipc_create_receiver("/orders", 64, 1024);
 *     uint8_t *message;
 *     uint32_t length = zipc_receive_blocking(&receiver, &message, 800);
 *
 * Either side may open the queue first. The queue is the file /dev/shm/orders. With q slots of m
 * bytes it has these numbers, in the machine's byte order:
 *
 *     0         64        68        128       128+8q    128+8q+qm
 *     +---------+---------+---------+---------+---------+---------+
 *     | head    | tail    | waiters | lengths | slots   | flag    |
 *     | uint32  | uint32  | uint32  | uint64  | m bytes | int32   |
 *     |         |         |         | q times | q times |         |
 *     +---------+---------+---------+---------+---------+---------+
 *
 *     head      index of the slot to be received next; only the receiver writes it
 *     tail      index of the slot to be filled next; only the sender writes it; also the futex
 *     waiters   not 0 while the receiver sleeps, which adds 1 before and subtracts 1 after
 *     flag      ZIPC_MAGIC once a sender has set head and tail. It lies at the next multiple of 4,
 *               or, where ZIPC_CLASSIC is defined, directly after the slots, as in older programs.
 *
 * The queue is empty if head == tail, and full if the slot after tail is head: q slots hold q - 1
 * messages. So the sender does not write the slot before head, which the receiver was given last.
 *
 * Macros that a program may define before it includes this file:
 *
 *     ZIPC_CLASSIC         the older place of the flag, on both sides
 *     ZIPC_STRICT          timeouts above 999 ms are refused, as by older programs
 *     ZIPC_EXTERN          only declares the functions, which are in a library
 *     ZIPC_IMPLEMENTATION  defines the functions of such a library
 *
 * All of it is one long file, so that a program can include it unchanged.
 */
#ifndef ZIPC_H
#define ZIPC_H

#if !defined(__linux__) || !defined(__LP64__)
#error "zipc.h needs Linux with 64 bits: its futex and the pointers of ZipcContext are those"
#elif defined(__cplusplus) && __cplusplus < 201103L
#error "zipc.h needs C++11 at least: use -std=c++11 or a later one"
#elif !defined(__cplusplus) && (!defined(__STDC_VERSION__) || __STDC_VERSION__ < 201112L)
#error "zipc.h needs C11 at least: use -std=gnu11 or a later one"
#elif defined(__STRICT_ANSI__) && !defined(_GNU_SOURCE) && !defined(_DEFAULT_SOURCE)
#error "zipc.h needs system calls that -std=c11 hides: use -std=gnu11, or -D_GNU_SOURCE"
#else /* up to the end of the file: errors after the first one would be noise */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(ZIPC_EXTERN) || defined(ZIPC_IMPLEMENTATION)
#define ZIPC_API
#else
#define ZIPC_API static inline
#endif

#ifdef __cplusplus
extern "C" {
#define ZIPC_ASSERT(fact) static_assert(fact, #fact)
#else
#define ZIPC_ASSERT(fact) _Static_assert(fact, #fact)
#endif

#define ZIPC_MODE_SERVER 0 /* a sender */
#define ZIPC_MODE_CLIENT 1 /* a receiver */
#define ZIPC_MAGIC 0x5a495043
#define ZIPC_NAME_LIMIT 39 /* characters of a name, with its slash */

/* The start of the shared memory. Head and tail, each written by one side, have their own lines. */
typedef struct ZipcQueue {
    uint32_t head;
    uint8_t padding1[60];
    uint32_t tail;
    uint32_t waiters;
    uint8_t padding2[56];
} ZipcQueue;

ZIPC_ASSERT(offsetof(ZipcQueue, tail) == 64);
ZIPC_ASSERT(offsetof(ZipcQueue, waiters) == 68);
ZIPC_ASSERT(sizeof(ZipcQueue) == 128);

typedef struct {
    uint32_t message_size; /* bytes of a slot, at least 1 */
    uint32_t queue_size;   /* slots, at least 2 */
} ZipcParams;

/* An end of a queue, for one thread at a time. If queue is NULL, calls with the end do nothing. */
typedef struct {
    uint64_t id;        /* from the process and the second of its creation */
    uint8_t mode;       /* ZIPC_MODE_SERVER or ZIPC_MODE_CLIENT */
    uint8_t padding[7]; /* the first is 1 if zipc_destroy has a mapping to remove */
    char name[40];      /* ends with a zero */
    ZipcParams params;
    ZipcQueue *queue;
    void *buffers;      /* the slots */
    int32_t *init_flag; /* perhaps unaligned, where ZIPC_CLASSIC is defined */
} ZipcContext;

ZIPC_ASSERT(sizeof(ZipcContext) == 88);

/*
 * Opens a queue, or creates it if it does not exist. Both sides give the same sizes. A name is a
 * slash and 1 to 38 other characters without a slash.
 *
 * An existing file is neither emptied nor made longer. It is refused if it is a link, belongs to
 * another user, has a mode other than 600, is too short, or contains something else.
 *
 * If the open fails, the queue of the context is NULL; errno and zipc_error give the reason. A file
 * that the failed open has created remains, because another process may use it by then; zipc_unlink
 * removes it. If there was no room the file is empty, unless a signal came in between, and the next
 * open of the name fills it.
 */
ZIPC_API ZipcContext zipc_create_sender(const char *name, uint32_t queue_size,
                                        uint32_t message_size);
ZIPC_API ZipcContext zipc_create_receiver(const char *name, uint32_t queue_size,
                                          uint32_t message_size);

/*
 * The same in memory that the caller shares: zipc_shared_memory_size bytes, aligned to 8, and all
 * zero if it is new.
 */
ZIPC_API ZipcContext zipc_init_sender(const char *name, void *memory, uint32_t queue_size,
                                      uint32_t message_size, uint64_t id);
ZIPC_API ZipcContext zipc_init_receiver(const char *name, void *memory, uint32_t queue_size,
                                        uint32_t message_size, uint64_t id);

/* The size of such a queue in bytes, or 0 if these sizes are impossible. */
ZIPC_API size_t zipc_shared_memory_size(uint32_t queue_size, uint32_t message_size);

/* Removes the mapping and sets the queue to NULL; the file remains. A second call does nothing. */
ZIPC_API void zipc_destroy(ZipcContext *context);

/*
 * Copies a message into the queue and wakes the receiver. The receiver gets the whole message or
 * nothing, even if this process is killed meanwhile. Never waits.
 *
 * Returns whether the message was sent. If not, errno is EAGAIN if the queue is full, EMSGSIZE if
 * the message is longer than a slot, EINVAL if the context is invalid or a receiver's, and EPROTO
 * if the other side has written an impossible value.
 */
ZIPC_API bool zipc_send(ZipcContext *sender, const uint8_t *message, size_t message_size);

/*
 * Receives the next message without a copy: *message points into the queue, and is valid until the
 * next receive. Never waits.
 *
 * Returns the message's length, but at most the length of a slot. For an empty message it returns
 * 0, and *message is not NULL. Without a message it returns 0, *message is NULL, and errno is
 * EAGAIN, or EINVAL (also for a sender's context) or EPROTO (also for messages in a queue without a
 * flag) as for zipc_send.
 */
ZIPC_API uint32_t zipc_receive(ZipcContext *receiver, uint8_t **message);

/* The same, but waits for a message up to the timeout; if none came, errno is ETIMEDOUT. */
ZIPC_API uint32_t zipc_receive_blocking(ZipcContext *receiver, uint8_t **message,
                                        uint16_t timeout_millis);

/*
 * Removes the file. Open ends keep their queue; the next open of the name creates a new queue, so
 * the two sides would use different queues. Call this when both sides are closed.
 */
ZIPC_API void zipc_unlink(const char *name);

/* The file's path, which this thread's next call overwrites, or NULL for an invalid name. */
ZIPC_API char *zipc_shm_path(const char *name);

/*
 * The reason of the last failure in this thread and source file: one sentence, without control
 * characters. EAGAIN, which means that a queue is full or empty, has no sentence, and neither has a
 * call with a context without a queue: the failed create has set the sentence.
 */
ZIPC_API const char *zipc_error(void);

#if !defined(ZIPC_EXTERN) || defined(ZIPC_IMPLEMENTATION)

#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define ZIPC_INNER static inline /* called only by this file */

#ifdef ZIPC_CLASSIC
#define ZIPC_DIALECT "classic"
#else
#define ZIPC_DIALECT "current"
#endif

ZIPC_INNER bool zipc_inner_fail(int error) {
    errno = error;
    return false;
}

ZIPC_INNER char *zipc_inner_sentence(size_t *capacity) {
    static __thread char sentence[320];
    *capacity = sizeof(sentence);
    return sentence;
}

ZIPC_API const char *zipc_error(void) {
    size_t capacity;
    return zipc_inner_sentence(&capacity);
}

/* Masks control characters, which a terminal would obey. In UTF-8 some of them have two bytes. */
ZIPC_INNER void zipc_inner_mask(char *sentence) {
    for (unsigned char *at = (unsigned char *)sentence; *at != 0; at++) {
        if (at[0] == 0xc2 && at[1] >= 0x80 && at[1] < 0xa0) {
            at[0] = at[1] = '?';
        } else if (at[0] < ' ' || at[0] == 0x7f) {
            at[0] = '?';
        }
    }
}

/* Stores the sentence for zipc_error, sets errno and returns false. */
__attribute__((format(printf, 2, 3)))
ZIPC_INNER bool zipc_inner_refuse(int error, const char *format, ...) {
    size_t capacity;
    char *sentence = zipc_inner_sentence(&capacity);
    va_list values;
    va_start(values, format);
    vsnprintf(sentence, capacity, format, values);
    va_end(values);
    zipc_inner_mask(sentence);
    return zipc_inner_fail(error);
}

ZIPC_INNER bool zipc_inner_check_name(const char *name) {
    size_t length = name == NULL ? 0 : strlen(name);
    if (length < 2 || name[0] != '/' || strchr(name + 1, '/') != NULL) {
        return zipc_inner_refuse(EINVAL, "the name of a queue is a slash and 1 to %d other bytes"
                " without another one, as in /orders: name=\"%.60s\"",
                ZIPC_NAME_LIMIT - 1, name == NULL ? "" : name);
    }
    if (length > ZIPC_NAME_LIMIT) {
        return zipc_inner_refuse(ENAMETOOLONG, "the name of a queue has %d bytes at most with its"
                " slash: bytes=%zu, name=\"%.60s\"", ZIPC_NAME_LIMIT, length, name);
    }
    if (strcmp(name, "/.") == 0 || strcmp(name, "/..") == 0) {
        return zipc_inner_refuse(EINVAL, "the name of a queue is that of a file, which . and .. are"
                " not: name=\"%s\"", name);
    }
    return true;
}

ZIPC_INNER size_t zipc_inner_flag_offset(uint32_t queue_size, uint32_t message_size) {
    size_t end = sizeof(ZipcQueue) + queue_size * (sizeof(uint64_t) + message_size);
#ifdef ZIPC_CLASSIC
    return end;
#else
    return (end + 3) & ~(size_t)3;
#endif
}

ZIPC_API size_t zipc_shared_memory_size(uint32_t queue_size, uint32_t message_size) {
    const size_t beside = sizeof(ZipcQueue) + 2 * sizeof(int32_t); /* at most */
    const size_t longest = INT64_MAX; /* of a file */
    if (queue_size < 2 || message_size < 1
            || queue_size > (longest - beside) / (sizeof(uint64_t) + message_size)) {
        return 0;
    }
    return zipc_inner_flag_offset(queue_size, message_size) + sizeof(int32_t);
}

ZIPC_API char *zipc_shm_path(const char *name) {
    static __thread char path[sizeof("/dev/shm") + ZIPC_NAME_LIMIT];
    if (!zipc_inner_check_name(name)) {
        return NULL;
    }
    snprintf(path, sizeof(path), "/dev/shm%s", name);
    return path;
}

/*
 * Acquire: pairs with the release in zipc_inner_initialize. A flag that may be unaligned is read
 * byte by byte, since not every processor can acquire it as a whole; each acquire pairs with the
 * release of that byte.
 */
ZIPC_INNER int32_t zipc_inner_flag(const ZipcContext *context) {
#ifdef ZIPC_CLASSIC
    uint8_t bytes[sizeof(int32_t)];
    int32_t flag;
    for (size_t i = 0; i < sizeof(bytes); i++) {
        bytes[i] = __atomic_load_n((const uint8_t *)context->init_flag + i, __ATOMIC_ACQUIRE);
    }
    memcpy(&flag, bytes, sizeof(flag));
    return flag;
#else
    return __atomic_load_n(context->init_flag, __ATOMIC_ACQUIRE);
#endif
}

/* Whether a flag is the magic, a part of it that a killed sender had written, or 0. */
ZIPC_INNER bool zipc_inner_is_our_flag(int32_t flag) {
    for (int shift = 0; shift < 32; shift += 8) {
        uint32_t byte = ((uint32_t)flag >> shift) & 0xff;
        if (byte != 0 && byte != (((uint32_t)ZIPC_MAGIC >> shift) & 0xff)) {
            return false;
        }
    }
    return true;
}

/* Release: pairs with the acquire in zipc_inner_flag. With the flag, head and tail are visible. */
ZIPC_INNER void zipc_inner_initialize(ZipcContext *context) {
    __atomic_store_n(&context->queue->head, 0, __ATOMIC_RELAXED);
    __atomic_store_n(&context->queue->tail, 0, __ATOMIC_RELAXED);
    /* waiters is kept: a receiver that came first may sleep already, and subtracts itself later */
#ifdef ZIPC_CLASSIC
    const int32_t magic = ZIPC_MAGIC;
    uint8_t bytes[sizeof(magic)];
    memcpy(bytes, &magic, sizeof(magic));
    for (size_t i = 0; i < sizeof(bytes); i++) {
        __atomic_store_n((uint8_t *)context->init_flag + i, bytes[i], __ATOMIC_RELEASE);
    }
#else
    __atomic_store_n(context->init_flag, ZIPC_MAGIC, __ATOMIC_RELEASE);
#endif
}

/*
 * Whether the indices of a queue that had no flag are 0, or the queue has a flag by now. Other
 * indices are those of a queue of other sizes, whose messages would be overwritten.
 */
ZIPC_INNER bool zipc_inner_is_unused(const ZipcContext *context) {
    /* Acquire: a sender writes its flag before it moves tail. */
    uint32_t head = __atomic_load_n(&context->queue->head, __ATOMIC_ACQUIRE);
    uint32_t tail = __atomic_load_n(&context->queue->tail, __ATOMIC_ACQUIRE);
    return (head == 0 && tail == 0) || zipc_inner_flag(context) == ZIPC_MAGIC;
}

ZIPC_INNER ZipcContext zipc_inner_invalid(uint8_t mode) {
    ZipcContext context;
    memset(&context, 0, sizeof(context));
    context.mode = mode;
    return context;
}

ZIPC_INNER bool zipc_inner_check(const char *name, uint32_t queue_size, uint32_t message_size) {
    if (!zipc_inner_check_name(name)) {
        return false;
    }
    if (zipc_shared_memory_size(queue_size, message_size) == 0) {
        return zipc_inner_refuse(EINVAL, "the queue %s cannot have these sizes: slots=%u, bytes of"
                " each=%u: it has 2 slots of 1 byte at least, and less than 2^63 bytes in all",
                name, queue_size, message_size);
    }
    return true;
}

ZIPC_INNER ZipcContext zipc_inner_init(uint8_t mode, const char *name, void *memory,
                                       uint32_t queue_size, uint32_t message_size, uint64_t id) {
    ZipcContext context = zipc_inner_invalid(mode);
    if (!zipc_inner_check(name, queue_size, message_size)) {
        return context;
    }
    if (memory == NULL || (uintptr_t)memory % sizeof(uint64_t) != 0) {
        zipc_inner_refuse(EINVAL, "the queue %s cannot lie at the address %p: give it memory that"
                " is aligned to 8 bytes", name, memory);
        return context;
    }
    size_t flag_offset = zipc_inner_flag_offset(queue_size, message_size);
    context.id = id;
    memcpy(context.name, name, strlen(name) + 1);
    context.params.queue_size = queue_size;
    context.params.message_size = message_size;
    context.queue = (ZipcQueue *)memory;
    context.buffers = (uint8_t *)(context.queue + 1) + queue_size * sizeof(uint64_t);
    context.init_flag = (int32_t *)(void *)((uint8_t *)memory + flag_offset);
    int32_t flag = zipc_inner_flag(&context);
    if (!zipc_inner_is_our_flag(flag)) {
        zipc_inner_refuse(EPROTO, "the queue %s has 0x%08x at offset %zu, where 0x%08x belongs:"
                " open it with the sizes and the dialect of its other side, or unlink it",
                name, (unsigned)flag, flag_offset, (unsigned)ZIPC_MAGIC);
        return zipc_inner_invalid(mode);
    }
    if (mode == ZIPC_MODE_SERVER && flag != ZIPC_MAGIC) {
        if (!zipc_inner_is_unused(&context)) {
            zipc_inner_refuse(EPROTO, "the memory of the queue %s is in use, but has no flag at"
                    " offset %zu: open it with the sizes and the dialect of its other side, or"
                    " unlink it", name, flag_offset);
            return zipc_inner_invalid(mode);
        }
        if (zipc_inner_flag(&context) != ZIPC_MAGIC) { /* no other sender has set it */
            zipc_inner_initialize(&context);
        }
    }
    return context;
}

ZIPC_API ZipcContext zipc_init_sender(const char *name, void *memory, uint32_t queue_size,
                                      uint32_t message_size, uint64_t id) {
    return zipc_inner_init(ZIPC_MODE_SERVER, name, memory, queue_size, message_size, id);
}

ZIPC_API ZipcContext zipc_init_receiver(const char *name, void *memory, uint32_t queue_size,
                                        uint32_t message_size, uint64_t id) {
    return zipc_inner_init(ZIPC_MODE_CLIENT, name, memory, queue_size, message_size, id);
}

/*
 * Allocates the memory of a whole file. Changes no byte and shortens no file, so both sides may do
 * this to a new file at once. Allocates in one piece, so that no part remains if there is no room.
 *
 * But on a signal many kernels undo the piece so far, and a profiler sends a signal each
 * millisecond. So after a signal this continues in pieces that are short enough. Returns errno.
 */
ZIPC_INNER int zipc_inner_allocate(int descriptor, off_t size) {
    const off_t longest = 64 * 1024 * 1024, shortest = 4096; /* the longest takes about 20 ms */
    int error = posix_fallocate(descriptor, 0, size);
    if (error != EINTR) {
        return error;
    }
    do { /* the last byte first: no process sees a shorter file */
        error = posix_fallocate(descriptor, size - 1, 1);
    } while (error == EINTR);
    off_t piece = longest;
    for (off_t start = 0; start < size && error == 0;) {
        off_t length = piece < size - start ? piece : size - start;
        error = posix_fallocate(descriptor, start, length);
        if (error == 0) {
            start += length;
            piece = piece < longest ? piece * 2 : longest;
        } else if (error == EINTR) {
            error = 0;
            piece = piece > shortest ? piece / 2 : shortest;
        }
    }
    return error;
}

/* Checks an existing file, sets the length of a new one, and allocates all its memory. */
ZIPC_INNER bool zipc_inner_prepare(const char *path, int descriptor, uint32_t queue_size,
                                   uint32_t message_size) {
    size_t size = zipc_shared_memory_size(queue_size, message_size);
    struct stat file;
    if (fstat(descriptor, &file) != 0) {
        return zipc_inner_refuse(errno, "%s cannot be looked at: %s", path, strerror(errno));
    }
    if (!S_ISREG(file.st_mode)) {
        return zipc_inner_refuse(EPERM, "%s is there, and a queue is a regular file: unlink it, or"
                " take another name", path);
    }
    if (file.st_uid != geteuid()) {
        return zipc_inner_refuse(EPERM, "%s is another user's: owner=%u, user=%u: take another"
                " name", path, file.st_uid, geteuid());
    }
    if ((file.st_mode & 0777) != 0600) {
        return zipc_inner_refuse(EPERM, "%s has the mode %o, and the file of a queue 600: give it"
                " that mode (chmod), or unlink it, or take another name",
                path, file.st_mode & 07777);
    }
    if (file.st_size > 0 && (size_t)file.st_size < size) {
        return zipc_inner_refuse(EINVAL, "%s has %zu bytes, but a queue of these sizes, slots=%u,"
                " bytes of each=%u, dialect=" ZIPC_DIALECT ", has %zu: use the sizes and the"
                " dialect of its other side, or unlink it",
                path, (size_t)file.st_size, queue_size, message_size, size);
    }
    int error = zipc_inner_allocate(descriptor, (off_t)size);
    return error == 0 || zipc_inner_refuse(error, "there is no room for the %zu bytes of %s,"
            " slots=%u, bytes of each=%u: %s: use smaller sizes, or make room",
            size, path, queue_size, message_size, strerror(error));
}

ZIPC_INNER bool zipc_inner_refuse_path(const char *path, int error) {
    switch (error) {
    case ELOOP:
        return zipc_inner_refuse(error, "%s cannot be opened: it is a link, and none is followed:"
                " unlink it, or take another name", path);
    case EISDIR:
        return zipc_inner_refuse(error, "%s cannot be opened: it is a directory: remove that"
                " directory, or take another name", path);
    case ENXIO:
        return zipc_inner_refuse(error, "%s cannot be opened: it is no regular file: unlink it, or"
                " take another name", path);
    case EACCES:
        return zipc_inner_refuse(error, "%s cannot be opened: user %u may not read and write it:"
                " take another name", path, geteuid());
    case ENOENT:
        return zipc_inner_refuse(error, "%s cannot be opened: there is no directory /dev/shm: have"
                " a tmpfs mounted there", path);
    default:
        return zipc_inner_refuse(error, "%s cannot be opened: %s", path, strerror(error));
    }
}

ZIPC_INNER void *zipc_inner_map(const char *path, uint32_t queue_size, uint32_t message_size) {
    size_t size = zipc_shared_memory_size(queue_size, message_size);
    int descriptor = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (descriptor < 0) {
        zipc_inner_refuse_path(path, errno);
        return NULL;
    }
    void *memory = MAP_FAILED;
    if (zipc_inner_prepare(path, descriptor, queue_size, message_size)) {
        memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
        if (memory == MAP_FAILED) {
            zipc_inner_refuse(errno, "the %zu bytes of %s cannot be mapped: %s", size, path,
                    strerror(errno));
        }
    }
    int error = errno;
    close(descriptor);
    errno = error;
    return memory == MAP_FAILED ? NULL : memory;
}

ZIPC_INNER int64_t zipc_inner_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

ZIPC_INNER ZipcContext zipc_inner_create(uint8_t mode, const char *name, uint32_t queue_size,
                                         uint32_t message_size) {
    ZipcContext context = zipc_inner_invalid(mode);
    if (!zipc_inner_check(name, queue_size, message_size)) {
        return context;
    }
    size_t size = zipc_shared_memory_size(queue_size, message_size);
    void *memory = zipc_inner_map(zipc_shm_path(name), queue_size, message_size);
    if (memory == NULL) {
        return context;
    }
    uint64_t seconds = (uint64_t)zipc_inner_now() / 1000000000 & 0xffffffff;
    context = zipc_inner_init(mode, name, memory, queue_size, message_size,
            seconds << 16 | (uint64_t)getpid());
    context.padding[0] = context.queue != NULL;
    if (context.queue == NULL) {
        int error = errno;
        munmap(memory, size);
        errno = error;
    }
    return context;
}

ZIPC_API ZipcContext zipc_create_sender(const char *name, uint32_t queue_size,
                                        uint32_t message_size) {
    return zipc_inner_create(ZIPC_MODE_SERVER, name, queue_size, message_size);
}

ZIPC_API ZipcContext zipc_create_receiver(const char *name, uint32_t queue_size,
                                          uint32_t message_size) {
    return zipc_inner_create(ZIPC_MODE_CLIENT, name, queue_size, message_size);
}

ZIPC_API void zipc_destroy(ZipcContext *context) {
    if (context == NULL || context->queue == NULL) {
        return;
    }
    if (context->padding[0] != 0) {
        munmap(context->queue, zipc_shared_memory_size(context->params.queue_size,
                context->params.message_size));
    }
    *context = zipc_inner_invalid(context->mode);
}

ZIPC_API void zipc_unlink(const char *name) {
    const char *path = zipc_shm_path(name);
    if (path != NULL) {
        unlink(path);
    }
}

ZIPC_INNER uint64_t *zipc_inner_length(const ZipcContext *context, uint32_t index) {
    return (uint64_t *)(void *)(context->queue + 1) + index;
}

ZIPC_INNER uint8_t *zipc_inner_slot(const ZipcContext *context, uint32_t index) {
    return (uint8_t *)context->buffers + (size_t)index * context->params.message_size;
}

ZIPC_INNER uint32_t zipc_inner_after(const ZipcContext *context, uint32_t index) {
    return index + 1 == context->params.queue_size ? 0 : index + 1;
}

ZIPC_INNER bool zipc_inner_refuse_indices(const ZipcContext *context, uint32_t head,
        uint32_t tail) {
    return zipc_inner_refuse(EPROTO, "the other side of the queue %s has written an index that"
            " cannot be: head=%u, tail=%u, slots=%u: have both sides give the same sizes, or unlink"
            " it", context->name, head, tail, context->params.queue_size);
}

ZIPC_API bool zipc_send(ZipcContext *sender, const uint8_t *message, size_t message_size) {
    if (sender == NULL || sender->queue == NULL) {
        return zipc_inner_fail(EINVAL); /* zipc_error has the reason of the failed create */
    }
    if (message == NULL && message_size > 0) {
        return zipc_inner_refuse(EINVAL, "a message of the queue %s is NULL: bytes=%zu: give its"
                " bytes, or 0 of them", sender->name, message_size);
    }
    if (sender->mode != ZIPC_MODE_SERVER) {
        return zipc_inner_refuse(EINVAL, "a receiver of the queue %s cannot send: give the context"
                " of a zipc_create_sender", sender->name);
    }
    if (message_size > sender->params.message_size) {
        return zipc_inner_refuse(EMSGSIZE, "a message is longer than a slot of the queue %s:"
                " bytes=%zu, at most=%u: send less at once, or give both sides longer slots",
                sender->name, message_size, sender->params.message_size);
    }
    ZipcQueue *queue = sender->queue;
    uint32_t tail = __atomic_load_n(&queue->tail, __ATOMIC_RELAXED); /* only this side writes it */
    /* Acquire: pairs with the release of head in zipc_inner_take. The slot at tail was read. */
    uint32_t head = __atomic_load_n(&queue->head, __ATOMIC_ACQUIRE);
    if (tail >= sender->params.queue_size || head >= sender->params.queue_size) {
        return zipc_inner_refuse_indices(sender, head, tail); /* no slot is written */
    }
    uint32_t next = zipc_inner_after(sender, tail);
    if (next == head) {
        return zipc_inner_fail(EAGAIN); /* before the copy: the receiver still uses the slot */
    }
    if (message_size > 0) {
        memcpy(zipc_inner_slot(sender, tail), message, message_size);
    }
    __atomic_store_n(zipc_inner_length(sender, tail), message_size, __ATOMIC_RELAXED);
    /* Release: pairs with the acquire of tail in zipc_inner_take, which publishes the message. */
    __atomic_store_n(&queue->tail, next, __ATOMIC_RELEASE);
    /* Always, because older receivers sleep without counting themselves. The kernel locks the
       futex, so this call comes after the store: a receiver sees the new tail, or is woken. */
    syscall(SYS_futex, &queue->tail, FUTEX_WAKE, 1, NULL, NULL, 0);
    return true;
}

/* Takes the next message, or returns false with errno; *tail is the tail that it has read. */
ZIPC_INNER bool zipc_inner_take(ZipcContext *receiver, uint8_t **message, uint32_t *length,
                                uint32_t *tail) {
    ZipcQueue *queue = receiver->queue;
    /* Acquire: pairs with the release of tail in zipc_send. The slots before tail are written. */
    *tail = __atomic_load_n(&queue->tail, __ATOMIC_ACQUIRE);
    uint32_t head = __atomic_load_n(&queue->head, __ATOMIC_RELAXED); /* only this side writes it */
    if (*tail >= receiver->params.queue_size || head >= receiver->params.queue_size) {
        return zipc_inner_refuse_indices(receiver, head, *tail); /* no slot is read */
    }
    if (head == *tail) {
        return zipc_inner_fail(EAGAIN);
    }
    /* A sender sets the flag before it moves tail, so a receiver that sees a moved tail sees the
       flag. A queue without it has other sizes, or a sender has just set both indices to 0. */
    if (zipc_inner_flag(receiver) != ZIPC_MAGIC) {
        return zipc_inner_is_unused(receiver) ? zipc_inner_fail(EAGAIN)
                : zipc_inner_refuse(EPROTO, "the queue %s has messages, but no flag: open it with"
                        " the sizes and the dialect of its other side, or unlink it",
                        receiver->name);
    }
    /* read once: the other side may change it at any time */
    uint64_t stored = __atomic_load_n(zipc_inner_length(receiver, head), __ATOMIC_RELAXED);
    uint32_t limit = receiver->params.message_size;
    *length = stored < limit ? (uint32_t)stored : limit;
    *message = zipc_inner_slot(receiver, head);
    /* Release: pairs with the acquire of head in zipc_send. The slot before this one has been read.
       This slot remains the receiver's, because the sender never writes the slot before head. */
    __atomic_store_n(&queue->head, zipc_inner_after(receiver, head), __ATOMIC_RELEASE);
    return true;
}

ZIPC_API uint32_t zipc_receive(ZipcContext *receiver, uint8_t **message) {
    uint32_t length = 0, tail;
    if (message != NULL) {
        *message = NULL;
    }
    if (receiver == NULL || receiver->queue == NULL) {
        zipc_inner_fail(EINVAL); /* as in zipc_send */
        return 0;
    }
    if (message == NULL) {
        zipc_inner_refuse(EINVAL, "there is no place for a message of the queue %s: give the"
                " address of a pointer", receiver->name);
        return 0;
    }
    if (receiver->mode != ZIPC_MODE_CLIENT) {
        zipc_inner_refuse(EINVAL, "a sender of the queue %s cannot receive: give the context of a"
                " zipc_create_receiver", receiver->name);
        return 0;
    }
    zipc_inner_take(receiver, message, &length, &tail);
    return length;
}

/* Sleeps if tail is unchanged, until a sender's wake-up or the deadline. Returns errno. */
ZIPC_INNER int zipc_inner_wait(ZipcQueue *queue, uint32_t tail, int64_t deadline) {
    struct timespec until;
    until.tv_sec = deadline / 1000000000;
    until.tv_nsec = deadline % 1000000000;
    /* Before the kernel reads tail: other senders store tail, then wake only if this is > 0. */
    __atomic_fetch_add(&queue->waiters, 1, __ATOMIC_SEQ_CST);
    long result = syscall(SYS_futex, &queue->tail, FUTEX_WAIT_BITSET, tail, &until, NULL,
            FUTEX_BITSET_MATCH_ANY);
    int error = result == 0 ? 0 : errno;
    /* never below zero, even if another value was written: it would count sleepers for ever */
    uint32_t waiters = __atomic_load_n(&queue->waiters, __ATOMIC_RELAXED);
    while (waiters > 0 && !__atomic_compare_exchange_n(&queue->waiters, &waiters, waiters - 1, true,
            __ATOMIC_SEQ_CST, __ATOMIC_RELAXED)) {
    }
    return error;
}

ZIPC_API uint32_t zipc_receive_blocking(ZipcContext *receiver, uint8_t **message,
                                        uint16_t timeout_millis) {
#ifdef ZIPC_STRICT
    if (timeout_millis > 999) {
        if (message != NULL) {
            *message = NULL;
        }
        zipc_inner_refuse(EINVAL, "a timeout is 999 ms at most where ZIPC_STRICT is defined:"
                " timeout=%u ms", (unsigned)timeout_millis);
        return 0;
    }
#endif
    uint32_t length = zipc_receive(receiver, message), tail;
    if (message == NULL || *message != NULL || errno != EAGAIN) {
        return length;
    }
    int64_t deadline = zipc_inner_now() + timeout_millis * INT64_C(1000000);
    bool is_late = false;
    while (!zipc_inner_take(receiver, message, &length, &tail)) {
        if (errno != EAGAIN || is_late) {
            if (errno == EAGAIN) {
                zipc_inner_refuse(ETIMEDOUT, "no message has come by the queue %s within %u ms:"
                        " wait longer, or look whether its sender gives the same sizes",
                        receiver->name, (unsigned)timeout_millis);
            }
            return 0;
        }
        int error = zipc_inner_wait(receiver->queue, tail, deadline);
        if (error != 0 && error != EAGAIN && error != EINTR && error != ETIMEDOUT) {
            zipc_inner_refuse(error, "the queue %s cannot be waited for: %s", receiver->name,
                    strerror(error));
            return 0;
        }
        /* by the clock: if tail changes all the time, the kernel never returns ETIMEDOUT */
        is_late = zipc_inner_now() >= deadline;
    }
    return length;
}

#endif /* the implementation */

#ifdef __cplusplus
}
#endif

#endif /* a supported compiler and system */

#endif /* ZIPC_H */
