package dev.ipcchannel.internal.meet;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.base.Log;
import dev.ipcchannel.internal.base.ShownTime;
import dev.ipcchannel.internal.posix.Users;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// A member of a name in this process: its entry in the directory, the socket on which it is found,
/// and its connections to members of the other role. Its [Role] decides what happens with the met
/// members.
///
/// Any thread may close it. Only its owner refers to it, and what it refers to ends with it.
public final class Member implements AutoCloseable {

    private static final int MAX_UNMET = 1000; // that a sentence looks at

    private final NameFolder folder;
    private final Role role;
    private final Entry entry;
    private final long number;
    private final Registration registration;
    private final Approach approach;
    private final Connections connections;
    private final MembershipEvents events;
    private final Unmet unmet = new Unmet();
    private volatile boolean isClosed;
    private volatile boolean isWithdrawn;

    private Member(NameFolder folder, Role role, String type, String typeName, String program) {
        String id = NameLock.newId();
        this.folder = folder;
        this.role = role;
        this.entry = new Entry(id, folder.kind(), folder.name(), role.word(), role.form(), false,
                Entry.type(type), Users.ownPid(), program, "");
        this.number = Found.number(id);
        this.approach = new Approach(this);
        this.connections = new Connections(this);
        this.registration = new Registration(folder, entry, typeName, connections::accepted,
                this::meetLater);
        this.events = new MembershipEvents(folder.name(), this::entry);
    }

    /// Registers a member, and meets all others that are there. It waits for them for at most two
    /// seconds: a member that is silent so long, because its process is stopped, is met when it
    /// continues.
    ///
    /// @param type of the messages, in the words of a codec; empty if it matches every other
    /// @param typeName its user's name for that type; empty if it is not known
    /// @param program the name of this process for people
    /// @throws MeetingException if the name has another type, or is locked by a process that does
    /// not go on, or the directory cannot be used
    public static Member open(NameKind kind, String name, String type, String typeName,
            String program, Role role) throws InterruptedException {
        NameFolder folder = NameFolder.of(RuntimeDirectory.find(), kind, name);
        Member member = new Member(folder, role, type, typeName, program);
        boolean isOpen = false;
        try {
            OwnEntry.note(member.number, true);
            List<Found> others = member.registration.make();
            member.approach.meet(member.counterparts(others), Deadline.after(NameFolder.PATIENCE));
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

    /// Meets members that were found when it registered again.
    private void meetLater(List<Found> others) {
        counterparts(others).forEach(approach::meetLater);
    }

    /// Its name.
    public String name() {
        return folder.name();
    }

    /// The number of members of its own role in the directory, including itself.
    public int membersOfItsRole() {
        return (int) folder.members().stream().map(Found::entry).filter(Objects::nonNull)
                .filter(there -> there.role().equals(role.word())).count();
    }

    /// The reasons why no counterpart is there, as the end of a sentence: those turned away for
    /// another type of messages; those that do not answer; or else the last that left, the
    /// directory, and the names that are open in it. Reads a part of the directory.
    public String whereabouts() {
        String turnedAway = unmet.describeTurnedAway();
        String why = unmet.describe(role.counterpartWord(), thoseUnmet());
        if (!why.isEmpty()) {
            return turnedAway + why;
        }
        Entry left = events.lastLeft();
        return turnedAway + (left == null ? ""
                : "a %s that was here, %s, has died or was closed: ".formatted(
                        role.counterpartWord(), left.shownProcess()))
                + NameList.whereabouts(folder);
    }

    private List<Found> thoseUnmet() {
        try {
            Set<Long> met = connections.met().stream().map(Counterpart::id)
                    .collect(Collectors.toSet());
            return counterparts(NameLock.look(folder,
                    one -> one != number && !met.contains(one), MAX_UNMET).found());
        } catch (MeetingException failure) { // the directory's sentence reports the same
            Log.debug("the folder of a name cannot be read", failure);
            return List.of();
        }
    }

    /// A wait for counterparts.
    @FunctionalInterface
    public interface Wait {

        /// Waits.
        ///
        /// @return false if the deadline came first, or the wait has become pointless
        boolean isSoBy(Deadline deadline) throws InterruptedException;
    }

    /// Waits for counterparts; after a while, logs once where it looks.
    public boolean isSoBy(Deadline deadline, Wait wait) throws InterruptedException {
        return isSoBy(deadline, wait, this::whereabouts);
    }

    /// The same, with another reason for the wait.
    ///
    /// @param why the reason, as the end of a sentence
    public boolean isSoBy(Deadline deadline, Wait wait, Supplier<String> why)
            throws InterruptedException {
        Deadline first = deadline.earlier(Deadline.after(Deadline.LONG_WAIT));
        if (wait.isSoBy(first)) {
            return true;
        }
        if (isClosed || deadline.isPast() || !first.isPast()) {
            return false;
        }
        warnAlone(why.get());
        return wait.isSoBy(deadline);
    }

    /// Logs that a wait goes on without a counterpart, and where it looks. Reads the directory.
    public void warnAlone() {
        warnAlone(whereabouts());
    }

    private void warnAlone(String why) {
        boolean isSame = role.word().equals(role.counterpartWord());
        Log.warning("a %s waits for %s".formatted(role.word(),
                isSame ? "another" : "a " + role.counterpartWord()),
                "name=%s, waited=%s: %s".formatted(folder.name(), ShownTime.of(Deadline.LONG_WAIT),
                        why));
    }

    Role role() {
        return role;
    }

    Connections connections() {
        return connections;
    }

    Approach approach() {
        return approach;
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

    /// The counterparts that are met now.
    public List<Counterpart> counterparts() {
        return connections.met();
    }

    /// Runs `action` for each met counterpart, present ones included: one after another, on a
    /// virtual thread.
    public void onJoin(Consumer<Entry> action) {
        events.onJoin(action);
    }

    /// Runs `action` for each counterpart that has left or died, as [#onJoin] does.
    public void onLeave(Consumer<Entry> action) {
        events.onLeave(action);
    }

    NameFolder folder() {
        return folder;
    }

    /// The entry of a counterpart; one made from what is known if it had none.
    public Entry entry(Counterpart counterpart) {
        Entry there = counterpart.entry();
        return there == null ? new Entry(Found.id(counterpart.id()), folder.kind(),
                folder.name(),
                role.counterpartWord(), role.form(), false, entry.type(), counterpart.pid(), "",
                "") : there;
    }

    /// Notes that a counterpart was taken up on both sides, as far as this side knows.
    void met(Counterpart counterpart) {
        unmet.met(counterpart.id());
        role.met(counterpart);
        events.joined(counterpart);
        approach.changed();
    }

    /// The reasons why others are not met.
    Unmet unmet() {
        return unmet;
    }

    /// Notes that the connection of a counterpart has ended.
    void over(Counterpart counterpart) {
        try {
            role.disconnect(counterpart);
        } finally {
            events.left(counterpart);
            connections.remove(counterpart); // last: nothing else refers to it
        }
    }

    /// Removes the entry, so that others no longer find it; met counterparts stay connected.
    public void withdraw() {
        isWithdrawn = true;
        registration.withdraw();
        approach.changed();
    }

    /// Whether it no longer looks for others.
    boolean isWithdrawn() {
        return isWithdrawn || isClosed;
    }

    /// Marks this member as closed for its user. Members of the other role still find it, to
    /// receive its remaining messages. Its place in its role is free.
    public void linger() {
        registration.linger();
    }

    /// Leaves the name, and ends all connections. The second and later closes do nothing.
    @Override
    public void close() {
        isClosed = true;
        List<Counterpart> last = connections.end();
        events.close();
        approach.changed();
        registration.withdraw();
        OwnEntry.note(number, false);
        last.forEach(Counterpart::close);
    }
}
