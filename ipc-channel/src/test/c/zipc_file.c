/*
 * Checks the promises of zipc.h about names and files. Its argument is a name that no other program
 * uses. Prints "ok", or the line of the check that fails.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "check.h"

static int allocate_between_signals(int descriptor, off_t start, off_t length);
#define posix_fallocate allocate_between_signals
#include "zipc.h"
#undef posix_fallocate

static const char *name;
static char path[64]; /* of its file */
static off_t uninterrupted = INT64_MAX; /* bytes that the kernel allocates from signal to signal */
static off_t first_length; /* of the file, once a first piece was allocated */
static int interruptions;

static void expect_refusal(ZipcContext context, int error, const char *words) {
    int given = errno;
    if (context.queue != NULL || given != error || strstr(zipc_error(), words) == NULL) {
        fprintf(stderr, "errno=%d, sentence: %s\n", given, zipc_error());
    }
    CHECK(context.queue == NULL);
    CHECK(given == error);
    CHECK(strstr(zipc_error(), words) != NULL);
}

static ZipcContext open_sender(void) {
    return zipc_create_sender(name, 8, 16);
}

static struct stat file(void) {
    struct stat state;
    CHECK(stat(path, &state) == 0);
    return state;
}

static void make_file(off_t length, mode_t mode) {
    int descriptor = open(path, O_RDWR | O_CREAT | O_EXCL, mode);
    CHECK(descriptor >= 0 && fchmod(descriptor, mode) == 0 && ftruncate(descriptor, length) == 0);
    close(descriptor);
}

/* posix_fallocate as under a profiler, whose signals interrupt each longer piece. */
static int allocate_between_signals(int descriptor, off_t start, off_t length) {
    if (length > uninterrupted) {
        CHECK(++interruptions < 100); /* it has to try shorter pieces */
        return EINTR;
    }
    int error = posix_fallocate(descriptor, start, length);
    if (first_length == 0) {
        first_length = file().st_size;
    }
    return error;
}

static void names_are_a_slash_and_at_most_38_others(void) {
    static const char *const wrong[] = {"", "/", "orders", "orders/", "/a/b", "//", "/.", "/.."};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        expect_refusal(zipc_create_sender(wrong[i], 8, 16), EINVAL, strncmp(wrong[i], "/.", 2) == 0
                ? "that of a file, which . and .. are not" : "a slash and 1 to 38 other bytes");
        CHECK(zipc_shm_path(wrong[i]) == NULL && errno == EINVAL);
        zipc_unlink(wrong[i]);
    }
    expect_refusal(zipc_create_receiver(NULL, 8, 16), EINVAL, "a slash and 1 to 38 other bytes");
    char most[41];
    memset(most, 'a', sizeof(most));
    most[0] = '/';
    most[40] = 0;
    expect_refusal(zipc_create_receiver(most, 8, 16), ENAMETOOLONG,
            "39 bytes at most with its slash: bytes=40");
    most[39] = 0;
    CHECK(strlen(zipc_shm_path(most)) == strlen("/dev/shm") + 39);
    CHECK(strcmp(zipc_shm_path("/my-zipc-path"), "/dev/shm/my-zipc-path") == 0);
}

static void *path_of_another_name(void *unused) {
    CHECK(strcmp(zipc_shm_path("/another"), "/dev/shm/another") == 0);
    return unused;
}

static void path_stays_while_another_thread_asks_for_one(void) {
    const char *mine = zipc_shm_path("/mine");
    pthread_t other;
    CHECK(pthread_create(&other, NULL, path_of_another_name, NULL) == 0);
    CHECK(pthread_join(other, NULL) == 0);
    CHECK(strcmp(mine, "/dev/shm/mine") == 0);
}

static void no_control_character_of_a_name_gets_into_a_sentence(void) {
    expect_refusal(zipc_create_sender("/a\033[2J/\177\302\233", 8, 16), EINVAL,
            "name=\"/a?[2J/???\"");
    expect_refusal(zipc_create_sender("/a\nb\303\251", 1, 16), EINVAL, "the queue /a?b\303\251 ");
}

static void sizes_that_no_queue_can_have_are_refused(void) {
    expect_refusal(zipc_create_sender(name, 1, 16), EINVAL, "slots=1, bytes of each=16");
    expect_refusal(zipc_create_sender(name, 8, 0), EINVAL, "slots=8, bytes of each=0");
    expect_refusal(zipc_create_sender(name, UINT32_MAX, UINT32_MAX), EINVAL, "less than 2^63");
    CHECK(zipc_shared_memory_size(UINT32_MAX, UINT32_MAX) == 0);
    CHECK(zipc_shared_memory_size(UINT32_MAX, 1u << 30) > (size_t)UINT32_MAX << 30);
    CHECK(access(path, F_OK) != 0);
}

static void either_side_makes_a_file_that_is_this_users_alone(void) {
    for (int first = ZIPC_MODE_SERVER; first <= ZIPC_MODE_CLIENT; first++) {
        mode_t before = umask(0);
        ZipcContext context = first == ZIPC_MODE_SERVER ? zipc_create_sender(name, 8, 16)
                : zipc_create_receiver(name, 8, 16);
        umask(before);
        CHECK(context.queue != NULL && context.mode == first);
        CHECK((context.id & 0xffff) == ((uint64_t)getpid() & 0xffff) && context.id >> 16 > 0);
        CHECK(strcmp(context.name, name) == 0);
        CHECK(file().st_mode == (S_IFREG | 0600));
        CHECK((size_t)file().st_size == zipc_shared_memory_size(8, 16));
        CHECK(file().st_blocks * 512 >= file().st_size); /* its memory is allocated */
        zipc_destroy(&context);
        zipc_destroy(&context);
        CHECK(context.queue == NULL);
        zipc_unlink(name);
        CHECK(access(path, F_OK) != 0);
    }
}

static void queue_outlives_its_ends_and_its_name(void) {
    ZipcContext sender = open_sender();
    CHECK(zipc_send(&sender, (const uint8_t *)"first", 5));
    zipc_destroy(&sender);
    ZipcContext receiver = zipc_create_receiver(name, 8, 16);
    sender = open_sender();
    zipc_unlink(name);
    CHECK(zipc_send(&sender, (const uint8_t *)"second", 6));
    uint8_t *message;
    CHECK(zipc_receive(&receiver, &message) == 5 && memcmp(message, "first", 5) == 0);
    CHECK(zipc_receive(&receiver, &message) == 6 && memcmp(message, "second", 6) == 0);
    zipc_destroy(&sender);
    zipc_destroy(&receiver);
}

static void file_that_is_too_short_stays_as_it_is(void) {
    off_t size = (off_t)zipc_shared_memory_size(8, 16);
    make_file(size - 1, 0600);
    expect_refusal(open_sender(), EINVAL, "slots=8, bytes of each=16, dialect=" ZIPC_DIALECT);
    CHECK(strstr(zipc_error(), "the sizes and the dialect of its other side") != NULL);
    CHECK(file().st_size == size - 1);
    zipc_unlink(name);
    make_file(size + 1, 0600);
    ZipcContext sender = open_sender();
    CHECK(sender.queue != NULL && file().st_size == size + 1);
    zipc_destroy(&sender);
    zipc_unlink(name);
    make_file(0, 0600); /* as if its creator was killed at once */
    sender = open_sender();
    CHECK(sender.queue != NULL && file().st_size == size);
    zipc_destroy(&sender);
    zipc_unlink(name);
}

static void file_with_something_else_is_refused(void) {
    make_file((off_t)zipc_shared_memory_size(8, 16), 0600);
    int descriptor = open(path, O_WRONLY);
    for (off_t at = 0; at < file().st_size; at++) {
        CHECK(pwrite(descriptor, "x", 1, at) == 1);
    }
    close(descriptor);
    expect_refusal(open_sender(), EPROTO, "has 0x78787878 at offset");
    expect_refusal(zipc_create_receiver(name, 8, 16), EPROTO, "has 0x78787878 at offset");
    zipc_unlink(name);
}

static void file_that_others_may_use_is_refused(void) {
    make_file(0, 0644);
    expect_refusal(open_sender(), EPERM, "has the mode 644");
    CHECK(file().st_size == 0);
    if (geteuid() == 0) { /* only root can make a file another user's */
        CHECK(chmod(path, 0600) == 0 && chown(path, 65534, 65534) == 0);
        ZipcContext sender = open_sender(); /* the kernel may refuse first: fs.protected_regular */
        expect_refusal(sender, errno == EACCES ? EACCES : EPERM, path);
        CHECK(file().st_size == 0);
    }
    zipc_unlink(name);
}

static void what_is_no_file_is_refused(void) {
    CHECK(symlink("/dev/shm/zipc-nowhere", path) == 0);
    expect_refusal(open_sender(), ELOOP, "it is a link, and none is followed");
    CHECK(access("/dev/shm/zipc-nowhere", F_OK) != 0);
    zipc_unlink(name);
    CHECK(mkdir(path, 0700) == 0);
    expect_refusal(open_sender(), EISDIR, "remove that directory");
    CHECK(rmdir(path) == 0);
    CHECK(mkfifo(path, 0600) == 0);
    expect_refusal(open_sender(), EPERM, "a queue is a regular file: unlink it");
    zipc_unlink(name);
    CHECK(mknod(path, S_IFSOCK | 0600, 0) == 0);
    expect_refusal(open_sender(), ENXIO, "it is no regular file: unlink it");
    zipc_unlink(name);
}

static void file_that_this_user_may_not_open_is_refused(void) {
    int descriptor = open(path, O_RDWR | O_CREAT, 0600);
    CHECK(descriptor >= 0);
    if (geteuid() == 0) {
        CHECK(seteuid(65534) == 0);
        expect_refusal(open_sender(), EACCES, "user 65534 may not read and write it: take another");
        CHECK(seteuid(0) == 0);
    } else {
        CHECK(fchmod(descriptor, 0) == 0);
        expect_refusal(open_sender(), EACCES, "may not read and write it: take another name");
    }
    close(descriptor);
    zipc_unlink(name);
}

static void queue_without_room_is_refused(void) {
    struct statvfs folder;
    CHECK(statvfs("/dev/shm", &folder) == 0);
    if (folder.f_blocks == 0) {
        return; /* no limit that a test should reach */
    }
    uint64_t mebibytes = (uint64_t)folder.f_blocks * folder.f_frsize / (1024 * 1024) + 2;
    expect_refusal(zipc_create_sender(name, (uint32_t)mebibytes, 1024 * 1024), ENOSPC,
            "bytes of each=1048576: ");
    CHECK(strstr(zipc_error(), "there is no room for the ") != NULL);
    CHECK(strstr(zipc_error(), "use smaller sizes") != NULL);
    CHECK(file().st_size == 0 && file().st_blocks == 0);
    zipc_unlink(name);
}

static void signals_keep_no_queue_from_its_memory(void) {
    uninterrupted = 1024 * 1024;
    first_length = 0;
    ZipcContext sender = zipc_create_sender(name, 8, 1024 * 1024);
    uninterrupted = INT64_MAX;
    CHECK(sender.queue != NULL && interruptions > 0);
    CHECK((size_t)file().st_size == zipc_shared_memory_size(8, 1024 * 1024));
    CHECK(file().st_blocks * 512 >= file().st_size);
    CHECK(first_length == file().st_size); /* no other process could see a part of it */
    zipc_destroy(&sender);
    zipc_unlink(name);
}

int main(int count, char **arguments) {
    CHECK(count == 2);
    name = arguments[1];
    snprintf(path, sizeof(path), "%s", zipc_shm_path(name));
    names_are_a_slash_and_at_most_38_others();
    path_stays_while_another_thread_asks_for_one();
    no_control_character_of_a_name_gets_into_a_sentence();
    sizes_that_no_queue_can_have_are_refused();
    either_side_makes_a_file_that_is_this_users_alone();
    queue_outlives_its_ends_and_its_name();
    file_that_is_too_short_stays_as_it_is();
    file_with_something_else_is_refused();
    file_that_others_may_use_is_refused();
    what_is_no_file_is_refused();
    file_that_this_user_may_not_open_is_refused();
    queue_without_room_is_refused();
    signals_keep_no_queue_from_its_memory();
    puts("ok");
    return 0;
}
