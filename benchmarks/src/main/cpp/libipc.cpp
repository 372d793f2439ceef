/*
 * What the Java processes do by ROUTE, by the library whose API that is: cpp-ipc
 * (https://github.com/mutouyun/cpp-ipc), whose sources are not part of this project.
 *
 *   round trip   a message there and back, by two routes
 *   stream       messages one way, as fast as they go
 *
 * Two processes, each pinned to a processor of its own, each waiting as the library waits. Sends
 * and receives have no end in time: after its usual 100 ms a send would overwrite what was not
 * read.
 *
 * A message is as Block.java has it: short ones are words that count up from the sequence; in long
 * ones the first word of each page does, and all other words are their own index, which is checked
 * in the first message of a slice. Every message is checked on arrival.
 *
 * usage: libipc LEAD_CPU FOLLOW_CPU LENGTH PREFIX, a cpu of -1 pins nothing; the names of all that
 * the library puts into /dev/shm begin with the prefix, and some of it stays there. Then a line a
 * slice on stdin, "roundtrip MILLIS" or "stream MILLIS"; the answer has the form of the Java
 * workers' answers.
 */
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "libipc/ipc.h"

namespace {

constexpr uint64_t SETTLE_NANOS = 10'000'000; // of each slice, not counted: the processors wake up
constexpr uint64_t STOP = static_cast<uint64_t>(-1000);
constexpr size_t PAGE = 4096;
constexpr size_t WORD = sizeof(uint64_t);

[[noreturn]] void fail(const char *what) {
    printf("failed %s\n", what);
    fflush(stdout);
    _exit(1);
}

uint64_t now() {
    timespec time{};
    clock_gettime(CLOCK_MONOTONIC, &time);
    return static_cast<uint64_t>(time.tv_sec) * 1'000'000'000u
            + static_cast<uint64_t>(time.tv_nsec);
}

// The bytes of a message; which of its words count up is a matter of its length.
class Block {
public:
    explicit Block(size_t length)
        : length_(length), stride_((length > PAGE ? PAGE : WORD) / WORD), words_(length / WORD) {
        for (size_t i = 0; i < words_.size(); i++) {
            words_[i] = i;
        }
    }

    const void *write(uint64_t sequence) {
        for (size_t i = 0; i < words_.size(); i += stride_) {
            words_[i] = sequence + i / stride_;
        }
        return words_.data();
    }

    // Gives the sequence: the one expected, or STOP.
    uint64_t check(const ipc::buff_t &message, uint64_t expected) const {
        if (message.size() != length_) {
            fail("a message has another length");
        }
        const uint64_t *words = static_cast<const uint64_t *>(message.data());
        uint64_t sequence = words[0], wrong = 0;
        for (size_t i = 0; i < length_ / WORD; i += stride_) {
            wrong |= words[i] ^ (sequence + i / stride_);
        }
        for (size_t i = 0; sequence == 0 && i < length_ / WORD; i++) {
            wrong |= i % stride_ == 0 ? 0 : words[i] ^ i;
        }
        if (wrong != 0 || (sequence != expected && sequence != STOP)) {
            fail("a message is not the one that was sent");
        }
        return sequence;
    }

    size_t length() const {
        return length_;
    }

private:
    size_t length_;
    size_t stride_; // words between two that count up
    std::vector<uint64_t> words_;
};

void send(ipc::route &route, const void *bytes, size_t length) {
    if (!route.send(bytes, length, ipc::invalid_value)) {
        fail("send");
    }
}

ipc::buff_t receive(ipc::route &route) {
    return route.recv(ipc::invalid_value);
}

struct Result {
    uint64_t messages, nanos, p50, p99;
};

// The answer to a slice; p50 and p99 in nanoseconds.
void answer(const Result &result) {
    printf("slice messages=%lu nanos=%lu p50=%lu p99=%lu allocated=0\n", result.messages,
           result.nanos, result.p50, result.p99);
    fflush(stdout);
}

uint64_t percentile(std::vector<uint64_t> &sorted, double share) {
    size_t index = static_cast<size_t>(share * static_cast<double>(sorted.size()));
    return sorted[std::min(index, sorted.size() - 1)];
}

Result lead_round_trips(ipc::route &there, ipc::route &back, Block &block, uint64_t length) {
    std::vector<uint64_t> took;
    took.reserve(1 << 20);
    uint64_t sequence = 0, settled = now() + SETTLE_NANOS, end = settled + length, after;
    do {
        uint64_t before = now();
        send(there, block.write(sequence), block.length());
        block.check(receive(back), sequence++);
        after = now();
        if (after >= settled) {
            took.push_back(after - before);
        }
    } while (after < end);
    send(there, block.write(STOP), block.length());
    block.check(receive(back), STOP);
    std::sort(took.begin(), took.end());
    return {took.size(), after - settled, percentile(took, 0.5), percentile(took, 0.99)};
}

void follow_round_trips(ipc::route &there, ipc::route &back, const Block &block) {
    uint64_t sequence = 0, found;
    do {
        ipc::buff_t message = receive(there);
        found = block.check(message, sequence++);
        send(back, message.data(), message.size());
    } while (found != STOP);
}

void lead_stream(ipc::route &there, Block &block, uint64_t length) {
    uint64_t sequence = 0, end = now() + SETTLE_NANOS + length;
    while (now() < end) {
        send(there, block.write(sequence++), block.length());
    }
    send(there, block.write(STOP), block.length());
}

Result follow_stream(ipc::route &there, const Block &block) {
    uint64_t sequence = 0, first = 0, start = 0, settled = now() + SETTLE_NANOS, found;
    do {
        found = block.check(receive(there), sequence++);
        if (start == 0 && now() >= settled) {
            start = now();
            first = sequence;
        }
    } while (found != STOP);
    return {sequence - first, now() - start, 0, 0};
}

void pin(int cpu) {
    if (cpu >= 0) {
        cpu_set_t set;
        CPU_ZERO(&set);
        CPU_SET(static_cast<size_t>(cpu), &set);
        if (sched_setaffinity(0, sizeof set, &set) != 0) {
            fail("sched_setaffinity");
        }
    }
}

void meet(ipc::route &route) {
    if (!route.wait_for_recv(1, 20'000)) {
        fail("the other process has not come");
    }
}

// The follower: the first letter of a slice's command comes through `commands`, the result goes
// back.
void follow(ipc::prefix prefix, Block &block, int commands, int results) {
    ipc::route there{prefix, "there", ipc::receiver};
    ipc::route back{prefix, "back", ipc::sender};
    meet(back);
    char command;
    while (read(commands, &command, 1) == 1) {
        Result result{};
        if (command == 'r') {
            follow_round_trips(there, back, block);
        } else {
            result = follow_stream(there, block);
        }
        if (write(results, &result, sizeof result) != sizeof result) {
            _exit(1);
        }
    }
}

void lead(ipc::prefix prefix, Block &block, int commands, int results) {
    ipc::route back{prefix, "back", ipc::receiver};
    ipc::route there{prefix, "there", ipc::sender};
    meet(there);
    printf("ready\n");
    fflush(stdout);
    char line[100];
    while (fgets(line, sizeof line, stdin) != nullptr) {
        char shape[20];
        unsigned long millis;
        if (sscanf(line, "%19s %lu", shape, &millis) != 2) {
            fail("not a command");
        }
        bool is_stream = shape[0] != 'r';
        if (write(commands, shape, 1) != 1) {
            fail("the follower is gone");
        }
        Result led{}, followed{};
        if (is_stream) {
            lead_stream(there, block, millis * 1'000'000u);
        } else {
            led = lead_round_trips(there, back, block, millis * 1'000'000u);
        }
        if (read(results, &followed, sizeof followed) != sizeof followed) {
            fail("the follower is gone");
        }
        answer(is_stream ? followed : led);
    }
}

} // namespace

int main(int count, char **arguments) {
    int commands[2], results[2];
    if (count != 5 || pipe(commands) != 0 || pipe(results) != 0) {
        fail("usage: libipc LEAD_CPU FOLLOW_CPU LENGTH PREFIX");
    }
    Block block{static_cast<size_t>(atol(arguments[3]))};
    ipc::prefix prefix{arguments[4]};
    pid_t child = fork(); // before anything of the library is there
    if (child < 0) {
        fail("fork");
    }
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL); // it may be waiting when the leader is killed
        pin(atoi(arguments[2]));
        close(commands[1]);
        follow(prefix, block, commands[0], results[1]);
        return 0;
    }
    pin(atoi(arguments[1]));
    close(commands[0]);
    close(results[1]);
    lead(prefix, block, commands[1], results[0]);
    close(commands[1]);
    waitpid(child, nullptr, 0);
    return 0;
}
