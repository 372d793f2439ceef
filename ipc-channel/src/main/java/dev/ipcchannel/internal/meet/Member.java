package dev.ipcchannel.internal.meet;

import dev.ipcchannel.internal.base.Log;
import dev.ipcchannel.internal.base.Printable;
import dev.ipcchannel.internal.base.ShownTime;
import dev.ipcchannel.internal.meet.NameList.Listed;
import dev.ipcchannel.internal.meet.Approach.Way;
import dev.ipcchannel.internal.meet.NameLock.Found;
import dev.ipcchannel.internal.posix.Deadline;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Users;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A member of a name in this process: its entry in the directory, the socket on which it is found,
/// and its connections with those of the other role, one each.
///
/// Of two members the one that registers later sees the other and connects to it, so each pair
/// meets once; where both connect, since one of them had to register again, the connection of the
/// one with the greater number counts. What becomes of those that are met is the [Role]'s.
///
/// Any thread may close it. It is kept by its owner alone, and what it keeps ends with it.
public final class Member implements AutoCloseable {

    /// How long an opener waits for the name, and then for those that it has found.
    static final Duration PATIENCE = Duration.ofSeconds(2);

    /// How long a wait may find no counterpart before it says where it looks.
    public static final Duration ALONE = Duration.ofSeconds(5);

    /// Connections in which nothing has been said: those of strangers.
    static final int MAX_SILENT = 64;

    private final NameFolder folder;
    private final Role role;
    private final Entry entry;
    private final long number;
    private final Registration registration;
    private final Approach approach;
    private final MembershipEvents events;
    private final ReentrantLock lock = new ReentrantLock();

    // Inside the lock.
    private final Set<Counterpart> counterparts = new LinkedHashSet<>();
    private volatile boolean isClosed;
    private volatile boolean isWithdrawn;

    private Member(NameFolder folder, Role role, String type, String typeName, String program) {
        String id = NameLock.newId();
        this.folder = folder;
        this.role = role;
        this.entry = new Entry(folder.kind(), folder.name(), role.word(), role.form(), false, type,
                Users.ownPid(), program);
        this.number = Long.parseUnsignedLong(id, 16);
        this.registration = new Registration(this, folder, id, entry, typeName);
        this.approach = new Approach(this, folder);
        this.events = new MembershipEvents(this::listed);
    }

    /// Registers a member and meets all others that are there, which is waited for, for two seconds
    /// at most: one that is silent so long, since its process is stopped, is met when it goes on.
    ///
    /// @param type of the messages, in the words of a codec; empty if it matches every other
    /// @param typeName its user's name for that; empty if it is not known
    /// @param program what people know this process by
    /// @throws MeetingException if the name is another type's, or held by a process that does not
    /// go on, or the directory cannot be used
    public static Member open(NameKind kind, String name, String type, String typeName,
            String program, Role role) throws InterruptedException {
        NameFolder folder = NameFolder.of(RuntimeDirectory.find(), kind, name);
        Member member = new Member(folder, role, type, typeName, program);
        boolean isOpen = false;
        try {
            List<Found> others = member.registration.make();
            member.approach.meet(member.counterparts(others), Deadline.after(PATIENCE));
            isOpen = true;
            return member;
        } finally {
            if (!isOpen) {
                member.close();
            }
        }
    }

    private List<Found> counterparts(List<Found> others) {
        return others.stream().filter(found -> {
            Entry other = found.entry();
            return other != null && other.role().equals(role.counterpartWord())
                    && role.meets(found.number());
        }).toList();
    }

    /// Meets those that were found when it registered again.
    void meetLater(List<Found> others) {
        counterparts(others).forEach(approach::meetLater);
    }

    /// Its name.
    public String name() {
        return folder.name();
    }

    /// How many members of its own role the directory has, itself among them.
    public int membersOfItsRole() {
        return (int) folder.members().stream().map(Found::entry).filter(Objects::nonNull)
                .filter(there -> there.role().equals(role.word())).count();
    }

    /// Why others are not there, as the end of a sentence: they do not answer, or else where it looks,
    /// and which names are there. Reads the directory.
    public String whereabouts() {
        String unmet = unmet();
        return unmet.isEmpty() ? NameList.whereabouts(folder.directory())
                : "%s=%s has this name open and does not answer: let it go on if it is stopped, or"
                        .formatted(role.counterpartWord(), unmet) + " end it";
    }

    private String unmet() {
        try {
            return counterparts(folder.members()).stream()
                    .filter(one -> one.number() != number && !isMet(one.number()))
                    .map(one -> shown(one.entry())).collect(Collectors.joining(", "));
        } catch (MeetingException failure) { // the directory's sentence says so as well
            Log.debug("the folder of a name cannot be read", failure);
            return "";
        }
    }

    private static String shown(@Nullable Entry entry) {
        return entry == null ? "" : "pid=%d (%s)".formatted(entry.pid(),
                Printable.of(entry.program()));
    }

    private boolean isMet(long other) {
        lock.lock();
        try {
            return counterparts.stream().anyMatch(one -> one.id() == other && one.isMet());
        } finally {
            lock.unlock();
        }
    }

    /// A wait for counterparts.
    @FunctionalInterface
    public interface Wait {

        /// Waits.
        ///
        /// @return false if the deadline came first, or there is nothing to wait for any more
        boolean isSoBy(Deadline deadline) throws InterruptedException;
    }

    /// Waits for counterparts, and after a while says once where it looks.
    public boolean isSoBy(Deadline deadline, Wait wait) throws InterruptedException {
        return isSoBy(deadline, wait, this::whereabouts);
    }

    /// The same, with what else keeps it waiting.
    ///
    /// @param why as the end of a sentence
    public boolean isSoBy(Deadline deadline, Wait wait, Supplier<String> why)
            throws InterruptedException {
        Deadline first = deadline.earlier(Deadline.after(ALONE));
        if (wait.isSoBy(first)) {
            return true;
        }
        if (isClosed || deadline.isPast() || !first.isPast()) {
            return false;
        }
        warnAlone(why.get());
        return wait.isSoBy(deadline);
    }

    /// Says that a wait goes on without a counterpart, and where it looks. Reads the directory.
    public void warnAlone() {
        warnAlone(whereabouts());
    }

    private void warnAlone(String why) {
        boolean isSame = role.word().equals(role.counterpartWord());
        Log.warning("a %s waits for %s".formatted(role.word(),
                isSame ? "another" : "a " + role.counterpartWord()),
                "name=%s, waited=%s: %s".formatted(folder.name(), ShownTime.of(ALONE), why));
    }

    Role role() {
        return role;
    }

    /// Its number, which no other member has.
    public long number() {
        return number;
    }

    long pid() {
        return entry.pid();
    }

    boolean isClosed() {
        return isClosed;
    }

    /// Those that are met now.
    public List<Counterpart> counterparts() {
        lock.lock();
        try {
            return counterparts.stream().filter(Counterpart::isMet).toList();
        } finally {
            lock.unlock();
        }
    }

    /// Has `action` run for each of the other role that is met, those that are there already as
    /// well: one after another, on a virtual thread.
    public void onJoin(Consumer<Listed> action) {
        events.onJoin(action);
    }

    /// Has `action` run for each of the other role that has left, or died, as [#onJoin] does.
    public void onLeave(Consumer<Listed> action) {
        events.onLeave(action);
    }

    /// The entry of another member; null if it is gone.
    @Nullable
    Found find(long other) {
        return folder.find(other);
    }

    boolean isAlive(long other) {
        return folder.isAlive(HexFormat.of().toHexDigits(other));
    }

    private Listed listed(Counterpart counterpart) {
        Found found = counterpart.found();
        Entry there = found == null ? null : found.entry();
        return found != null && there != null ? new Listed(there, found.since())
                : Listed.unknown(
                        new Entry(folder.kind(), folder.name(), role.counterpartWord(), role.form(),
                                false, entry.type(), counterpart.pid(), ""));
    }

    /// The processes to which it has said something that they have not answered.
    List<Long> awaited() {
        lock.lock();
        try {
            return counterparts.stream().filter(Counterpart::isPending).map(Counterpart::pid)
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    /// Whether there is a connection with the member of that number.
    boolean knows(long other) {
        return with(other, null) != null;
    }

    private @Nullable Counterpart with(long other, @Nullable Counterpart besides) {
        lock.lock();
        try {
            return counterparts.stream().filter(one -> one.id() == other
                    && !one.isLost() && !one.equals(besides))
                    .findFirst().orElse(null);
        } finally {
            lock.unlock();
        }
    }

    /// Connects to a member. Takes the connection over.
    ///
    /// @return false if it has hung up
    boolean connected(Descriptor connection, Way way) {
        return isStarted(Counterpart.connected(this, connection, way));
    }

    /// Somebody has connected. Takes the connection over.
    void accepted(Descriptor connection) {
        boolean _ = isStarted(Counterpart.accepted(this, connection));
        thinOut();
    }

    private boolean isStarted(Counterpart counterpart) {
        boolean isStarted = false;
        try {
            isStarted = add(counterpart) && counterpart.start();
            return isStarted || isClosed;
        } finally {
            if (!isStarted) {
                remove(counterpart);
                boolean _ = counterpart.close();
                role.part(counterpart); // what was made to greet it
            }
        }
    }

    /// Makes room in a crowd of those that say nothing: the oldest go.
    private void thinOut() {
        List<Counterpart> silent = silent();
        if (silent.size() > MAX_SILENT) {
            silent.forEach(one -> one.onSignal(false)); // what they say may wait to be read
            silent = silent();
        }
        for (Counterpart one : silent.subList(0, Math.max(0, silent.size() - MAX_SILENT))) {
            remove(one);
            boolean _ = one.close();
        }
    }

    private List<Counterpart> silent() {
        lock.lock();
        try {
            return counterparts.stream().filter(Counterpart::isSilent).toList();
        } finally {
            lock.unlock();
        }
    }

    private boolean add(Counterpart counterpart) {
        lock.lock();
        try {
            return !isClosed && counterparts.add(counterpart);
        } finally {
            lock.unlock();
        }
    }

    private void remove(Counterpart counterpart) {
        lock.lock();
        try {
            boolean _ = counterparts.remove(counterpart);
        } finally {
            lock.unlock();
        }
        approach.changed();
    }

    /// Notes which member a counterpart is, unless another connection with that one counts.
    boolean isOnly(Counterpart counterpart, long other) {
        if (counterpart.isAwaited() && counterpart.id() != other) {
            return false; // it is not the one that was found
        }
        Counterpart earlier = with(other, counterpart);
        if (earlier != null && earlier.isMet()) {
            earlier.onSignal(false); // it may be over
        }
        lock.lock();
        try {
            Counterpart there = with(other, counterpart);
            boolean isFirst = there == null || (there.isAwaited() && counterpart.isSilent()
                    && Long.compareUnsigned(other, number) > 0);
            if (isFirst) {
                counterpart.identify(other);
            }
            return isFirst;
        } finally {
            lock.unlock();
        }
    }

    /// It has been taken up on both sides, as far as this one knows.
    void met(Counterpart counterpart) {
        role.met(counterpart);
        events.joined(counterpart);
        approach.changed();
    }

    void refused(Counterpart counterpart, String reason) {
        if (!reason.equals(Greeting.NO_REASON)) {
            Log.warning("a process that has a name open does not take this one up",
                    "name=%s, pid=%d: %s".formatted(folder.name(), counterpart.pid(), reason));
        }
    }

    /// A connection has ended too soon.
    ///
    /// @param isFresh whether it was a good one
    void meetLater(Way way, boolean isFresh) {
        approach.meetLater(way, isFresh);
    }

    /// The connection has ended.
    void over(Counterpart counterpart) {
        try {
            role.part(counterpart);
        } finally {
            events.left(counterpart);
            remove(counterpart); // last: nothing else keeps it
        }
    }

    /// Lets nobody find it any more; those that are met stay.
    public void withdraw() {
        isWithdrawn = true;
        registration.withdraw();
        approach.changed();
    }

    /// Whether it looks for others no more.
    boolean isWithdrawn() {
        return isWithdrawn || isClosed;
    }

    /// It is closed for its user, and is still found by those of the other role: for what it has for
    /// them. The place that it had in its role is free.
    public void linger() {
        registration.linger();
    }

    /// Leaves the name, and ends all connections. The second and later closes do nothing.
    @Override
    public void close() {
        List<Counterpart> last;
        lock.lock();
        try {
            isClosed = true;
            last = List.copyOf(counterparts);
            counterparts.clear();
        } finally {
            lock.unlock();
        }
        events.close();
        approach.changed();
        registration.withdraw();
        for (Counterpart counterpart : last) {
            boolean _ = counterpart.close();
        }
    }
}
