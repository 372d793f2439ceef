package dev.ipcchannel.internal.presence;

import dev.ipcchannel.internal.meet.Counterpart;
import java.util.function.Consumer;
import java.util.function.LongPredicate;

/// The form in which an end has its name open, and which members it meets there.
///
/// @param word for it in an entry; empty where the kind of name has no forms
/// @param members the numbers of those it meets
/// @param cutOff run where one of those cuts this end off as too slow; does not wait
public record Form(String word, LongPredicate members, Consumer<Counterpart> cutOff) {

    /// That of a name whose kind has none.
    public static final Form NONE = new Form("", _ -> true, _ -> {});

    boolean meets(long number) {
        return members.test(number);
    }
}
