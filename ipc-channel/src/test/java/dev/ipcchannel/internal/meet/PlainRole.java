package dev.ipcchannel.internal.meet;

import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.wire.Notice;
import dev.ipcchannel.internal.wire.Transfer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A role in a test: it needs nothing, accepts every counterpart, and counts.
final class PlainRole implements Role {

    private final String word;
    private final String counterpartWord;
    private final String form;
    private final AtomicInteger meetings = new AtomicInteger();
    private final Set<Counterpart> there = ConcurrentHashMap.newKeySet();
    private Runnable beforePart = () -> {};
    private Runnable onNotice = () -> {};

    private PlainRole(String word, String counterpartWord, String form) {
        this.word = word;
        this.form = form;
        this.counterpartWord = counterpartWord;
    }

    static PlainRole sender() {
        return new PlainRole("sender", "receiver", "");
    }

    static PlainRole receiver() {
        return new PlainRole("receiver", "sender", "");
    }

    /// The same role in a form.
    PlainRole in(String other) {
        return new PlainRole(word, counterpartWord, other);
    }

    @Override
    public String form() {
        return form;
    }

    /// The same role, where something happens before it lets a counterpart go.
    PlainRole failingToPart(Runnable failure) {
        beforePart = failure;
        return this;
    }

    /// The number of times that it has met a counterpart.
    int meetings() {
        return meetings.get();
    }

    /// The number of counterparts that it has met and that are there.
    int there() {
        return there.size();
    }

    @Override
    public String word() {
        return word;
    }

    @Override
    public String counterpartWord() {
        return counterpartWord;
    }

    @Override
    public boolean offer(Counterpart counterpart, Transfer transfer) {
        return true; // it has nothing
    }

    @Override
    public @Nullable String takeUp(Counterpart counterpart, Transfer offered) {
        Descriptor.closeAll(offered.descriptors());
        return null;
    }

    @Override
    public void met(Counterpart counterpart) {
        int _ = meetings.incrementAndGet();
        boolean _ = there.add(counterpart);
    }

    /// The same role, where something happens whenever a counterpart says something.
    PlainRole answering(Runnable answer) {
        onNotice = answer;
        return this;
    }

    @Override
    public void notice(Counterpart counterpart, Notice notice) {
        onNotice.run();
    }

    @Override
    public void disconnect(Counterpart counterpart) {
        if (there.contains(counterpart)) {
            beforePart.run();
        }
        boolean _ = there.remove(counterpart);
    }
}
