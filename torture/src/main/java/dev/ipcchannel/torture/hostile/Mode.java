package dev.ipcchannel.torture.hostile;

import dev.ipcchannel.torture.Findings;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// A way of a peer to break the protocol, of the same name in `peer.py`, and the counts that prove
/// that it did.
enum Mode {
    HELLO("mutated packets sent", Verbs.REFUSED),
    FIRST("mutated messages sent", Verbs.REFUSED),
    ANNOUNCEMENT("mutated packets sent", Verbs.BREACH),
    PACKETS("packets sent", Verbs.BREACH),
    RECORDS("records committed that are none", Verbs.BREACH),
    READER("words stored", Verbs.BREACH),
    SCRIBBLE("regions overwritten", Verbs.BREACH),
    SPILL("wrong spills sent", Verbs.BREACH),
    DESCRIPTORS(Verbs.BREACH, "regular file", "file opened for its path only", "directory", "pipe",
            "FIFO", "eventfd", "epoll", "timerfd", "signalfd", "inotify", "pidfd", "/dev/null",
            "/dev/zero", "pty", "memory file without seals",
            "memory file sealed against writing too", "memory file of another length",
            "memory file without a byte", "memory file of huge pages", "unix stream",
            "unix datagram", "unix seqpacket", "unix listener", "sockets in their own queue", "udp",
            "listening tcp", "netlink"),
    LINGER(Verbs.BREACH, Verbs.WAITING, "with the connection", "with the first announcement",
            "with a bell", "with a bell to the sender", "to the parents announcements",
            "in place of a sender", "in place of a receiver", "in place of shared bytes",
            "with a message without ends", "with a message given up",
            "for a record that never comes", "in place of a spill file", "beside a spill file",
            "in the queue of a receiver", "as a lane of a receiver"),
    FUSE(Verbs.BREACH, Verbs.WAITING),
    FLOOD("packets sent"),
    SILENCE(Verbs.TIMED_OUT),
    STOP(Verbs.STOPPED),
    DEATH("ended in the middle", Verbs.END),
    SHOWN(Verbs.BREACH, Verbs.WHOLE, "file without seals", "file that may shrink",
            "file that may grow", "file with other seals to come", "file cut after it was sent",
            "file that is too short", "file that is too long", "file without a byte",
            "directory in place of a file", "pipe in place of a file", "socket in place of a file",
            "device in place of a file", "file of a disk in place of one", "no file",
            "message longer than its file", "message that ends before it begins",
            "message of a length at a limit", "capacity that none has",
            "capacity beyond the longest message", "file that is known", "file that is not known",
            "file with a hole", "hole made after it was sent", "file written after it was sent",
            "file that stays as it is", "file sealed in its length alone"),
    TAKER(Verbs.WHOLE, "writes to a file of a sender, refused", "writes to files",
            "files let go at random", "positions at limits", "reads nothing",
            "reads and gives nothing back", "ends with files in hand", "words that are none",
            "bells with files", "control words at limits");

    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(1500);

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<String> aims;

    Mode(String... aims) {
        this.aims = List.of(aims);
    }

    /// The mode's name in `peer.py`, with which its counts begin.
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// A count of this mode.
    String counted(String what) {
        return word() + ": " + what;
    }

    /// Declares the aims of this mode.
    void declare(Findings findings) {
        aims.forEach(aim -> findings.aim(counted(aim)));
    }

    /// Whether all aims of this mode have been hit.
    boolean isHit(Findings findings) {
        return aims.stream().allMatch(aim -> findings.counted(counted(aim)) > 0);
    }

    /// The longest wait for a peer that may never connect.
    Duration patience() {
        return this == HELLO || this == FIRST || this == SILENCE ? SHORT : LONG;
    }

    /// Whether the peer connects to its victim by a name.
    boolean isByName() {
        return this == SHOWN || this == TAKER;
    }

    /// Whether the peer watches for the closes of this process.
    boolean isWatched() {
        return this == LINGER || this == FUSE;
    }

    /// Any mode of which an aim is missing.
    static Optional<Mode> anyMissing(Findings findings) {
        return Stream.of(values()).filter(mode -> !mode.isHit(findings)).findAny();
    }
}
