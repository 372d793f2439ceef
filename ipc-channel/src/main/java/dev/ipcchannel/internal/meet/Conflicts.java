package dev.ipcchannel.internal.meet;

import dev.ipcchannel.internal.base.Printable;
import dev.ipcchannel.internal.codec.TypeDescription;
import java.util.List;
import java.util.Locale;

/// The reasons why a newcomer cannot have a name open beside the present members: one name has one
/// type of messages, one form and, as a route, one sender. They are found by reading entries.
final class Conflicts {

    private Conflicts() {}

    /// Checks a newcomer.
    ///
    /// @param typeName its user's name for the type of its messages; empty if not known
    /// @throws MeetingException if there is a conflict
    static void check(String name, Entry newcomer, String typeName, List<Found> members) {
        for (Found member : members) {
            Entry there = member.entry();
            if (there == null) {
                throw new MeetingException(MeetingException.Kind.OTHER_VERSION,
                        "this name is open in a process with another version of ipc-channel: name="
                                + name + ": use the same version in all");
            }
            checkForm(name, newcomer, there);
            checkType(name, newcomer, typeName, there);
        }
    }

    private static void checkForm(String name, Entry newcomer, Entry there) {
        if (!newcomer.form().equals(there.form())) {
            throw new MeetingException(MeetingException.Kind.OTHER_FORM,
                    "this name is open as another type of channel: name=%s, type=%s, there=%s, %s:"
                            .formatted(name, newcomer.form().toUpperCase(Locale.ROOT),
                                    Printable.brief(there.form().toUpperCase(Locale.ROOT)),
                                    there.shownProcess())
                            + " open it as the same one, or use another name");
        }
        if (isOnlySender(newcomer) && isOnlySender(there)) {
            throw new MeetingException(MeetingException.Kind.OTHER_FORM,
                    "this name has a sender, and a ROUTE has room for one: name=%s, %s: close that"
                            .formatted(name, there.shownProcess())
                            + " one first, or have all open the name as a CHANNEL");
        }
    }

    /// The words that notify a present member of a newcomer that was turned away, for a person on
    /// its side; empty if the two have no conflict.
    static String wordsForPresent(Entry newcomer, Entry there) {
        String process = newcomer.role() + " " + newcomer.shownProcess();
        if (!newcomer.form().equals(there.form())) {
            return "%s, which has opened this name as a %s".formatted(process,
                    newcomer.form().toUpperCase(Locale.ROOT));
        }
        return !isOfOtherType(newcomer.type(), there.type()) ? ""
                : "%s, which means messages of another type: %s".formatted(process,
                        TypeDescription.difference(there.type(), newcomer.type()));
    }

    private static boolean isOfOtherType(String type, String there) {
        return !type.isEmpty() && !there.isEmpty() && !type.equals(there);
    }

    private static boolean isOnlySender(Entry entry) {
        return entry.form().equals(Entry.ROUTE) && entry.role().equals(Entry.SENDER)
                && !entry.isLingering();
    }

    private static void checkType(String name, Entry newcomer, String typeName, Entry there) {
        String type = newcomer.type();
        if (isOfOtherType(type, there.type())) {
            throw new MeetingException(MeetingException.Kind.OTHER_TYPE,
                    "this name is open for messages of another type: name=%s, %s: %s: give all"
                            .formatted(name, there.shownProcess(), TypeDescription.difference(type,
                                    there.type(), typeName, "there"))
                            + " processes the same one, or use another name");
        }
    }
}
