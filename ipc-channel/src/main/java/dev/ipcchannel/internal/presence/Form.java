package dev.ipcchannel.internal.presence;

import dev.ipcchannel.internal.meet.Counterpart;
import java.util.function.Consumer;
import java.util.function.LongPredicate;

/// The form in which an end has its name open, with the members that it meets.
///
/// @param word for it in an entry; empty if the kind of name has no forms
/// @param members the numbers of those it meets
/// @param cutOff runs when one of those cuts this end off as too slow; must not wait
public record Form(String word, LongPredicate members, Consumer<Counterpart> cutOff) {

    /// The form for a kind of name that has none.
    public static final Form NONE = new Form("", _ -> true, _ -> {});

    boolean meets(long number) {
        return members.test(number);
    }
}
