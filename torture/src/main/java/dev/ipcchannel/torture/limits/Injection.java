package dev.ipcchannel.torture.limits;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// A fault that strace puts into some invocations of one system call.
///
/// @param call the system call's name in the kernel
/// @param fault for example `error=EMFILE` or `signal=SIGUSR2`
/// @param when the invocations of each thread, in strace's notation
record Injection(String call, String fault, String when) {

    private static final String INTERRUPTED = "error=EINTR";
    // HotSpot's handler for this signal does nothing unless HotSpot itself has sent it.
    private static final String SIGNAL = "signal=SIGUSR2";
    private static final int LATEST = 6;

    /// The calls that the library makes, each with the errors that the kernel may return. Three
    /// kinds of errors are left out. Those of close and munmap: strace would skip the call, so that
    /// the resource would leak. Those of epoll_ctl and fcntl: only some of their operations can
    /// fail, and strace cannot distinguish operations. And the EAGAIN of a full or an empty queue,
    /// on whose meaning the library relies.
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

    /// The number of kinds.
    static int kinds() {
        return ALL.size();
    }

    /// The names of the calls.
    static List<String> calls() {
        return ERRORS.stream().map(List::getFirst).toList();
    }

    /// Makes an injection of kind `number`, modulo the number of kinds, at random invocations.
    static Injection choose(int number, SplittableRandom random) {
        Injection kind = ALL.get(number % ALL.size());
        int first = random.nextBoolean() ? 1 : random.nextInt(1, LATEST);
        // Every second invocation, or a single one. Never every invocation, since a loop that
        // retries would not end.
        return new Injection(kind.call, kind.fault,
                random.nextBoolean() ? first + "+2" : Integer.toString(first));
    }

    /// Whether the library must continue as if the fault had not happened.
    boolean isHarmless() {
        return fault.equals(SIGNAL) || fault.equals(INTERRUPTED);
    }

    @Override
    public String toString() {
        return "%s:%s:when=%s".formatted(call, fault, when);
    }
}
