package dev.ipcchannel.named;

import dev.ipcchannel.internal.base.Argument;
import dev.ipcchannel.internal.meet.Entry;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.function.Consumer;

/// A member of a name: an end that a living process has open, as that process has described it in
/// the directory of names. It is for people and tools: another process may write what it likes.
///
/// @param id which no other member has: the name of its file in the directory
/// @param kind of the name: `channel`, `service`, `signal` or `broadcast`; each kind has names of
/// its own
/// @param name as its users write it
/// @param role in that kind: `sender` or `receiver`, say; `lingering sender` of a broadcast channel
/// that is closed, and has messages that nobody has received yet
/// @param form in which a name of the kind `broadcast` is open: `route` or `channel`; empty for
/// other kinds
/// @param type of the messages, in the words of a codec; empty for a codec that does not say
/// @param pid of its process, as that one sees itself: in another pid namespace it means another
/// process
/// @param program that runs there: its main class or jar; empty if it is not known
/// @param since when it joined, by the clock of the machine; [Instant#EPOCH] if it does not say, or
/// had left before it was looked at
public record NamedMember(String id, String kind, String name, String role, String form,
        String type, long pid, String program, Instant since) {

    /// A user's action on members, for what an end of this process hears of.
    static Consumer<Entry> heardBy(Consumer<? super NamedMember> action) {
        Argument.given(action, "action");
        return entry -> action.accept(of(entry));
    }

    static NamedMember of(Entry entry) {
        return new NamedMember(entry.id(), entry.kind().word(), entry.name(), entry.shownRole(),
                entry.form(), entry.type(), entry.pid(), entry.program(), since(entry));
    }

    private static Instant since(Entry entry) {
        try {
            return Instant.parse(entry.since());
        } catch (DateTimeParseException _) {
            return Instant.EPOCH;
        }
    }
}
