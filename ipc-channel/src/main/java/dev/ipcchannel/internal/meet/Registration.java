package dev.ipcchannel.internal.meet;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.base.Log;
import dev.ipcchannel.internal.posix.Backoff;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.FileState;
import dev.ipcchannel.internal.posix.PosixException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The registration of a member, by which it is found: its entry in the folder of the name, and the
/// socket beside it.
///
/// A removal of one of them, perhaps with the whole directory, is noticed. Then both are made
/// again, and members that came meanwhile are met. Any thread may withdraw it.
final class Registration {

    private static final long FIRST_PAUSE_NANOS = 1_000_000;
    private static final long LONGEST_PAUSE_NANOS = 1_000_000_000;

    private final NameFolder folder;
    private volatile Entry entry;
    private final String typeName;
    private final Consumer<Descriptor> accepted;
    private final Consumer<List<Found>> meetLater;
    private final Runnable look = this::look; // one object, for the watch
    private final ReentrantLock lock = new ReentrantLock();

    // Inside the lock.
    private @Nullable Place place;
    private boolean isUnderRepair;
    private volatile boolean isOver; // also read outside of it

    /// The files and objects of a registered member: made together, and closed together.
    private static final class Place {

        private final Listener listener;
        private final OwnEntry entry;
        private List<Integer> watched = List.of();

        Place(Listener listener, OwnEntry entry) {
            this.listener = listener;
            this.entry = entry;
        }
    }

    /// @param typeName the user's name for the type of the messages; empty if it is not known
    /// @param accepted gets the connections of members that have found this one
    /// @param meetLater gets the members that are there when this one registers again
    Registration(NameFolder folder, Entry entry, String typeName, Consumer<Descriptor> accepted,
            Consumer<List<Found>> meetLater) {
        this.folder = folder;
        this.accepted = accepted;
        this.meetLater = meetLater;
        this.entry = entry;
        this.typeName = typeName;
    }

    /// Makes both. Only this runs under the lock of the name.
    ///
    /// @return the members that are there
    /// @throws MeetingException if one of them uses other messages, another process has the name
    /// locked, or the directory cannot be used
    List<Found> make() throws InterruptedException {
        Deadline deadline = Deadline.after(NameFolder.PATIENCE);
        List<Found> others = null;
        OwnEntry.keep(folder, entry.id());
        try (TurnedAway turnedAway = new TurnedAway(folder, entry, typeName)) {
            while (others == null) {
                try (NameLock held = folder.lock(deadline)) {
                    others = made(held, deadline, turnedAway);
                }
            }
        } // its close sends, without the lock
        watch();
        return others;
    }

    /// @return null if the folder, or a file made in it, was removed meanwhile: another process has
    /// locked a new folder, or will
    private @Nullable List<Found> made(NameLock held, Deadline deadline,
            TurnedAway turnedAway) {
        takeDown(false);
        OwnEntry.keep(folder, entry.id()); // which takeDown has undone
        try {
            List<Found> others = held.scan();
            turnedAway.check(others);
            putUp(held);
            return held.isInPlace() ? others : null;
        } catch (MeetingException failure) {
            if ((held.isInPlace() && !isOfRemoval(failure)) || deadline.isPast()) {
                throw failure;
            }
            return null;
        }
    }

    /// Whether a file that was made here was removed before its use: its folder may be next.
    private static boolean isOfRemoval(MeetingException failure) {
        return failure.getCause() instanceof PosixException call && call.isAbsence();
    }

    private void putUp(NameLock held) {
        Listener opened = listen();
        OwnEntry registered = null;
        boolean isUp = false;
        try {
            noteSince(folder.socket(entry.id()));
            registered = held.register(entry.id(), entry);
            isUp = isKept(opened, registered);
        } finally {
            if (!isUp) {
                opened.close();
                NameLock.remove(folder.socket(entry.id()));
                if (registered != null) {
                    registered.close();
                }
            }
        }
    }

    /// Takes the time of the socket's file as the time when the member joined. A member that
    /// registers again keeps its time.
    private void noteSince(Path socket) {
        FileState state = entry.since().isEmpty() ? FileState.at(socket) : null;
        if (state != null) {
            entry = entry.since(state.modified().toString());
        }
    }

    private Listener listen() {
        try {
            return Listener.open(folder.name(), folder.socket(entry.id()).toString(), accepted);
        } catch (PosixException failure) {
            throw failure.isRefusal() ? folder.directory().refused("sockets", failure)
                    : folder.directory().failed("a socket cannot be made in it", failure);
        }
    }

    private boolean isKept(Listener opened, OwnEntry registered) {
        lock.lock();
        try {
            if (!isOver) {
                place = new Place(opened, registered);
            }
            return !isOver;
        } finally {
            lock.unlock();
        }
    }

    private void watch() {
        EntryWatch watch = EntryWatch.instance();
        lock.lock();
        try {
            Place current = place;
            if (watch != null && current != null && current.watched.isEmpty()) {
                current.watched = watch.watch(look, current.entry.files());
            }
        } finally {
            lock.unlock();
        }
        look(); // for a removal before the watch
    }

    /// Checks whether both are there, and makes them again if not. Does not wait.
    void look() {
        lock.lock();
        try {
            Place current = place;
            if (isOver || isUnderRepair || current == null || current.entry.isWhole()) {
                return;
            }
            isUnderRepair = true;
        } finally {
            lock.unlock();
        }
        startRepair();
    }

    private void startRepair() {
        boolean isStarted = false;
        try {
            Thread.ofVirtual().name("ipc-channel registration").start(this::repair);
            isStarted = true;
        } catch (OutOfMemoryError failure) { // the next notification tries again
            warn(failure);
        } finally {
            if (!isStarted) {
                noteRepaired();
            }
        }
    }

    /// Runs on a thread of its own, and tries again and again: another process may have the name
    /// locked for a while, and the removal may still go on.
    private void repair() {
        Deadline patience = Deadline.after(NameFolder.PATIENCE);
        boolean isLogged = false;
        Backoff pauses = new Backoff(FIRST_PAUSE_NANOS, LONGEST_PAUSE_NANOS);
        while (!isOver) {
            try {
                folder.directory().makeAgain();
                meetLater.accept(make());
                break;
            } catch (InterruptedException | RuntimeException | OutOfMemoryError failure) {
                boolean isExpected = failure instanceof MeetingException
                        || failure instanceof PosixException;
                if (!isLogged && (!isExpected || patience.isPast())) {
                    isLogged = true;
                    warn(failure);
                }
            }
            pauses.pause();
        }
        endRepair();
    }

    private void warn(Throwable failure) {
        Log.warning(
                "a member of a name was removed from the directory of names, and cannot register"
                        + " again yet: no process that comes later finds it",
                "name=%s: %s".formatted(folder.name(), failure.getMessage() == null ? failure
                        : failure.getMessage()));
    }

    private void endRepair() {
        noteRepaired();
        if (isOver) {
            OwnEntry.forget(folder, entry.id()); // made after the close
        } else {
            look(); // for a removal meanwhile
        }
    }

    private void noteRepaired() {
        lock.lock();
        try {
            isUnderRepair = false;
        } finally {
            lock.unlock();
        }
    }

    /// Marks the entry of a member that lingers.
    void linger() {
        lock.lock();
        try {
            entry = entry.lingering();
            Place current = place;
            if (current != null) {
                current.entry.rewrite(entry);
            }
        } catch (PosixException failure) { // others take it for an open one
            Log.debug("the entry of a member that lingers could not be marked", failure);
        } finally {
            lock.unlock();
        }
    }

    /// Removes the registration, so that no other process finds the member any more.
    void withdraw() {
        if (!takeDown(true)) {
            OwnEntry.forget(folder, entry.id()); // of an opener that was refused
        }
    }

    /// @return whether anything was there, or it has been withdrawn before
    private boolean takeDown(boolean isForEver) {
        Place last;
        lock.lock();
        try {
            if (isOver) {
                return true;
            }
            isOver = isForEver;
            last = place;
            place = null;
        } finally {
            lock.unlock();
        }
        if (last != null) {
            takeDown(last);
        }
        return last != null;
    }

    private void takeDown(Place last) {
        EntryWatch watch = last.watched.isEmpty() ? null : EntryWatch.instance();
        if (watch != null) {
            watch.forget(look, last.watched); // first: the removals below are this process's own
        }
        // Before the listener: a process that has found the entry is still accepted.
        last.entry.close();
        last.listener.close();
    }
}
