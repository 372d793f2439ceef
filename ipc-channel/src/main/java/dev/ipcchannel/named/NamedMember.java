package dev.ipcchannel.named;

import dev.ipcchannel.internal.base.Argument;
import dev.ipcchannel.internal.meet.Entry;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.function.Consumer;

/// A member of a name: an end that a living process has open, as described by that process in the
/// directory of names. It is for people and tools and not to be trusted, since another process may
/// write anything.
///
/// @param id unique for each member: the name of its file in the directory
/// @param kind of the name: `channel`, `service`, `signal` or `broadcast`; each kind has its own
/// names
/// @param name as programs give it
/// @param role of the member, for instance `sender` or `receiver`; `lingering sender` for a closed
/// broadcast channel with messages not yet received
/// @param form of a name of the kind `broadcast`: `route` or `channel`; empty for other kinds
/// @param type of the messages, as described by the codec; empty if that has no description
/// @param pid of its process in that process's own pid namespace; in another namespace the number
/// means another process
/// @param program of the process: its main class or jar; empty if it is not known
/// @param since when it joined, by the clock of the machine; [Instant#EPOCH] if it is not known, or
/// if the member had left before it was read
public record NamedMember(String id, String kind, String name, String role, String form,
        String type, long pid, String program, Instant since) {

    /// A user's action on members, as an action on entries.
    static Consumer<Entry> entryAction(Consumer<? super NamedMember> action) {
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
