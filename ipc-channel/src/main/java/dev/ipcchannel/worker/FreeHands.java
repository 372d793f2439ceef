package dev.ipcchannel.worker;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// The workers that have a hand free, in the order in which they are to get jobs. Used inside the
/// desk's lock.
///
/// @param <Q> the type of the jobs' data
/// @param <R> the type of the answers
@SuppressWarnings("ReferenceEquality") // workers are meant by identity
final class FreeHands<Q, R> {

    private final ArrayDeque<Member<Q, R>> members = new ArrayDeque<>(); // each once

    boolean isEmpty() {
        return members.isEmpty();
    }

    /// Before all others, unless it has its place already.
    void addFirst(Member<Q, R> member) {
        if (!member.isOffered()) {
            member.setOffered(true);
            members.addFirst(member);
        }
    }

    /// Behind all others.
    void addLast(Member<Q, R> member) {
        member.setOffered(true);
        members.addLast(member);
    }

    void remove(Member<Q, R> member) {
        if (member.isOffered()) {
            member.setOffered(false);
            boolean _ = members.remove(member);
        }
    }

    /// Takes the first of those that have the fewest jobs in hand.
    @Nullable
    Member<Q, R> pollLeastBusy() {
        Member<Q, R> least = members.peekFirst();
        if (least == null) {
            return null;
        }
        if (!least.running().isEmpty()) { // only where workers have several hands
            for (Member<Q, R> member : members) {
                if (member.running().size() < least.running().size()) {
                    least = member;
                }
            }
        }
        remove(least);
        return least;
    }

    /// One that has nothing in hand; null if all have.
    @Nullable
    Member<Q, R> idle() {
        return members.stream().filter(member -> member.running().isEmpty()).findFirst()
                .orElse(null);
    }
}
