package dev.ipcchannel.torture.limits;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// The fault that strace is to put into some invocations of one system call.
///
/// @param call the kernel's name of it
/// @param fault `error=EMFILE` or `signal=SIGUSR2`, say
/// @param when which invocations of each thread, as strace writes it
record Injection(String call, String fault, String when) {

    private static final String INTERRUPTED = "error=EINTR";
    // HotSpot has a handler for it that does nothing unless it asked for the signal itself.
    private static final String SIGNAL = "signal=SIGUSR2";
    private static final int LATEST = 6;

    /// The calls that the library makes, each with the errors that the kernel may give. Not those
    /// of close and munmap: strace would not make the call at all, so what was to go stayed; nor of
    /// epoll_ctl and fcntl, where only some operations have one, and strace cannot tell them apart;
    /// nor the EAGAIN of a queue that is full or empty, which stands for what the library then
    /// relies on.
    private static final List<List<String>> ERRORS = List.of(
            List.of("memfd_create", "EMFILE", "ENFILE", "ENOMEM"),
            List.of("fallocate", "ENOSPC", "EFBIG", "ENOMEM", "EINTR"),
            List.of("mmap", "ENOMEM"),
            List.of("socketpair", "EMFILE", "ENFILE", "ENOBUFS", "ENOMEM"),
            List.of("socket", "EMFILE", "ENFILE", "ENOBUFS"),
            List.of("bind", "EACCES", "ENOSPC", "ENOMEM"),
            List.of("listen", "EADDRINUSE"),
            List.of("accept4", "EMFILE", "ENFILE", "ENOBUFS", "EINTR"),
            List.of("connect", "EAGAIN", "EINTR", "ENOMEM"),
            List.of("sendmsg", "ETOOMANYREFS", "ENOBUFS", "ENOMEM", "EINTR"),
            List.of("recvmsg", "ENOMEM", "EINTR"),
            List.of("sendto", "ENOBUFS", "EINTR"),
            List.of("ppoll", "ENOMEM", "EINTR"),
            List.of("epoll_create1", "EMFILE", "ENFILE", "ENOMEM"),
            List.of("epoll_ctl"),
            List.of("epoll_wait", "EINTR"),
            List.of("eventfd2", "EMFILE", "ENFILE", "ENOMEM"),
            List.of("read", "EINTR"), List.of("write", "EINTR"),
            List.of("fcntl", "EINTR"),
            List.of("fstatfs", "EINTR"),
            List.of("getrandom", "EINTR"),
            List.of("flock", "EINTR", "ENOLCK"),
            List.of("openat", "EMFILE", "ENFILE", "EACCES", "EINTR"),
            List.of("mkdir", "ENOSPC", "EACCES"),
            List.of("close"), List.of("munmap"), List.of("shutdown"), List.of("lseek"));

    private static final List<Injection> ALL = all();

    private static List<Injection> all() {
        List<Injection> all = new ArrayList<>();
        for (List<String> errors : ERRORS) {
            String call = errors.getFirst();
            errors.stream().skip(1)
                    .forEach(error -> all.add(new Injection(call, "error=" + error, "1")));
            all.add(new Injection(call, SIGNAL, "1"));
        }
        return all;
    }

    /// How many kinds there are.
    static int kinds() {
        return ALL.size();
    }

    /// The calls that are there to be hit.
    static List<String> calls() {
        return ERRORS.stream().map(List::getFirst).toList();
    }

    /// An injection of kind `number`, counted round, at random invocations.
    static Injection choose(int number, SplittableRandom random) {
        Injection kind = ALL.get(number % ALL.size());
        int first = random.nextBoolean() ? 1 : random.nextInt(1, LATEST);
        // Each other one for ever, or one alone: never each, for what repeats would never end.
        return new Injection(kind.call, kind.fault,
                random.nextBoolean() ? first + "+2" : Integer.toString(first));
    }

    /// Whether the library is to go on as if nothing had been.
    boolean isHarmless() {
        return fault.equals(SIGNAL) || fault.equals(INTERRUPTED);
    }

    @Override
    public String toString() {
        return "%s:%s:when=%s".formatted(call, fault, when);
    }
}
