package dev.ipcchannel.torture.names;

import dev.ipcchannel.named.NamedDirectory;
import dev.ipcchannel.named.NamedMember;
import dev.ipcchannel.torture.ChildRole;
import dev.ipcchannel.torture.Findings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// A round of the storm: a few seconds of processes that have the same names open, then a check of
/// the accounts.
final class Round {

    static final String KILLS = "processes killed";
    static final String KILLED_SENDING = "senders killed inside a call that sends";
    static final String KILLED_OPENING = "senders and receivers killed inside open";
    static final String KILLED_TAKING = "receivers killed";
    static final String KILLED_SERVING = "servers killed with a question in hand";
    static final String KILLED_ASKING = "callers killed with a question open";
    static final String KILLED_SIGNALLING = "listeners killed";
    static final String STOPS = "stops and continues";

    private static final String DIRECTORY = "ipc.directory";
    static final int AT_ONCE = 4; // processes
    private static final int KILLS_AMONG = 8; // one kill among so many stops
    private static final int LONG_STOPS_AMONG = 16;
    private static final int LONGEST_PAUSE = 60; // milliseconds
    private static final int LONGEST_STOP = 60;
    private static final int LONGEST_LONG_STOP = 700;
    private static final int BEYOND_SILENCE = 2500;
    private static final int FEW_MESSAGES = 500; // a round that has sent fewer goes on
    private static final int LONGEST_ROUND = 5; // times as long as it is to be
    private static final int MESSAGES_A_KILL = 20;
    private static final long AIMING_NANOS = 300_000_000; // for a question to be in hand
    private static final long LOOK_NANOS = 200_000;

    private final SplittableRandom random;
    private final Findings findings;
    private final Class<?> child;
    private final List<String> poverty;
    private final Consumer<Book> accounts;
    private final Path folder;
    private final Path file;
    private final List<Member> members = new ArrayList<>();
    private int started;
    private long doneAtKill; // messages that had been sent at the last kill

    /// A running process.
    private record Member(int number, ChildRole role, Path findings) {}

    /// @param child the main class of the processes
    /// @param poverty the program that leaves a process few descriptors
    /// @param accounts checks the book at the end
    Round(SplittableRandom random, Findings findings, Class<?> child, List<String> poverty,
            Consumer<Book> accounts) throws IOException {
        this.random = random;
        this.findings = findings;
        this.child = child;
        this.poverty = poverty;
        this.accounts = accounts;
        this.folder = Files.createTempDirectory("names-");
        this.file = folder.resolve("book");
    }

    void run(Duration time, boolean isShort) throws Exception {
        try (Book book = Book.create(file)) {
            try {
                for (int i = 0; i < AT_ONCE; i++) {
                    start(book);
                }
                long start = System.nanoTime();
                while (isUnderWay(book, System.nanoTime() - start, time.toNanos())) {
                    pause(LONGEST_PAUSE);
                    disturb(book, isShort);
                }
                book.end();
                for (Member member : members) {
                    awaitEnd(member);
                }
                accounts.accept(book);
                checkDirectory();
            } finally {
                members.forEach(member -> member.role().close());
            }
        }
        remove();
    }

    /// Whether the round must continue: on a busy machine it takes longer until enough was sent.
    private boolean isUnderWay(Book book, long sinceNanos, long nanos) {
        boolean isInTime = sinceNanos < nanos || (sinceNanos < LONGEST_ROUND * nanos
                && book.done() < FEW_MESSAGES);
        return isInTime
                && members.stream().allMatch(member -> member.role().process().isAlive());
    }

    private Path directory() {
        return folder.resolve("d");
    }

    private void start(Book book) throws IOException {
        int number = started++;
        Path found = folder.resolve("findings-" + number);
        book.process(number).enter(Phase.OPENING);
        ChildRole role = ChildRole.of(child, file.toString(), String.valueOf(number),
                String.valueOf(random.nextLong()), found.toString())
                .flags("-D" + DIRECTORY + "=" + directory())
                .under(Names.isPoor(number) ? poverty.toArray(String[]::new) : new String[0])
                .start();
        members.add(new Member(number, role, found));
    }

    private void pause(int mostMillis) {
        LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random.nextLong(mostMillis * 1000L)));
    }

    private void disturb(Book book, boolean isShort) throws IOException, InterruptedException {
        Member member = members.get(random.nextInt(members.size()));
        if (book.process(member.number()).phase() == Phase.OPENING) {
            return; // its JVM starts
        }
        boolean isFirst = started == AT_ONCE && book.done() >= FEW_MESSAGES; // each round has one
        if (started < Book.PROCESSES && (isFirst || random.nextInt(KILLS_AMONG) == 0)
                && book.done() - doneAtKill >= MESSAGES_A_KILL) {
            kill(book, isServed(book) && random.nextBoolean()
                    ? serving(book).orElse(member)
                    : member);
            doneAtKill = book.done();
            start(book);
            return;
        }
        member.role().signal("STOP");
        if (random.nextInt(LONG_STOPS_AMONG) == 0) {
            pause(isShort || random.nextInt(LONG_STOPS_AMONG) > 0 ? LONGEST_LONG_STOP
                    : BEYOND_SILENCE);
        } else {
            pause(LONGEST_STOP);
        }
        member.role().signal("CONT");
        findings.count(STOPS);
    }

    private void kill(Book book, Member member) {
        member.role().kill();
        members.remove(member);
        if (member.role().lastWords().contains("FAULT")) {
            findings.fault("process %d had said: %s".formatted(member.number(),
                    member.role().lastWords()));
        }
        member.role().close();
        book.process(member.number()).die();
        findings.count(KILLS);
        for (int i = member.number() * Book.EACH; i < (member.number() + 1) * Book.EACH; i++) {
            Phase sender = book.sender(i).phase();
            Phase receiver = book.receiver(i).phase();
            countIf(sender == Phase.SENDING, KILLED_SENDING);
            countIf(sender == Phase.OPENING || receiver == Phase.OPENING, KILLED_OPENING);
            countIf(receiver == Phase.OPEN || receiver == Phase.LEAVING, KILLED_TAKING);
            countIf(book.server(i).attempted() > book.server(i).done(), KILLED_SERVING);
            countIf(book.caller(i).phase() == Phase.SENDING, KILLED_ASKING);
            countIf(book.listener(i).phase() == Phase.OPEN, KILLED_SIGNALLING);
        }
    }

    private void countIf(boolean isSo, String what) {
        if (isSo) {
            findings.count(what);
        }
    }

    private static boolean isServed(Book book) {
        return IntStream.range(0, Book.MOST)
                .anyMatch(i -> book.server(i).phase() == Phase.OPEN);
    }

    /// A process whose handler has a question, if there is one soon.
    private Optional<Member> serving(Book book) {
        Optional<Member> found = Optional.empty();
        for (long start = System.nanoTime(); found.isEmpty()
                && System.nanoTime() - start < AIMING_NANOS;) {
            found = members.stream().filter(member -> hasQuestion(book, member)).findAny();
            LockSupport.parkNanos(LOOK_NANOS);
        }
        return found;
    }

    private static boolean hasQuestion(Book book, Member member) {
        return IntStream.range(0, Book.EACH)
                .mapToObj(i -> book.server(member.number() * Book.EACH + i))
                .anyMatch(server -> server.attempted() > server.done());
    }

    private void awaitEnd(Member member) throws IOException, InterruptedException {
        int exit = member.role().awaitExit(Names.PATIENCE);
        if (exit < 0) {
            member.role().printWithStacks();
            findings.fault("process %d does not end: its stacks are above"
                    .formatted(member.number()));
        } else if (exit > 1 || !Files.exists(member.findings())) {
            findings.fault("process %d ended with %d: %s".formatted(member.number(), exit,
                    member.role().lastWords()));
        }
        if (Files.exists(member.findings())) {
            findings.read(member.findings());
        }
    }

    /// Checks that the last process has left nothing in the directory.
    private void checkDirectory() throws IOException {
        System.setProperty(DIRECTORY, directory().toString());
        try {
            List<NamedMember> left = NamedDirectory.list();
            if (!left.isEmpty()) {
                findings.fault("members are listed after their end: " + left);
            }
        } finally {
            System.clearProperty(DIRECTORY);
        }
        try (Stream<Path> entries = Files.walk(directory())) {
            List<Path> left = entries.filter(entry -> !entry.equals(directory())).toList();
            if (!left.isEmpty()) {
                findings.fault("the directory is not empty: " + left);
            }
        }
    }

    private void remove() throws IOException {
        try (Stream<Path> entries = Files.walk(folder)) {
            for (Path entry : entries.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(entry);
            }
        }
    }
}
