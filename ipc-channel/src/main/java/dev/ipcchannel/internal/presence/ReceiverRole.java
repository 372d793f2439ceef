package dev.ipcchannel.internal.presence;

import dev.ipcchannel.internal.meet.Counterpart;
import dev.ipcchannel.internal.meet.Role;
import dev.ipcchannel.internal.wire.Notice;
import dev.ipcchannel.internal.wire.Transfer;
import org.jspecify.annotations.Nullable;

/// The role of a receiver by name: it gives each sender a way in, and notifies it of the heartbeat.
///
/// @param admission by which each sender gets its way in
/// @param senders the present ones
/// @param shape in which the name is open
public record ReceiverRole(Admission admission, Subscribers senders, Form shape) implements Role {

    public static final String WORD = "receiver";

    @Override
    public String word() {
        return WORD;
    }

    @Override
    public String counterpartWord() {
        return SenderRole.WORD;
    }

    @Override
    public String form() {
        return shape.word();
    }

    @Override
    public boolean meets(long number) {
        return shape.meets(number);
    }

    @Override
    public boolean offer(Counterpart counterpart, Transfer transfer) {
        return senders.greet(counterpart) && admission.offer(counterpart, transfer);
    }

    @Override
    public @Nullable String takeUp(Counterpart counterpart, Transfer offered) {
        return meets(counterpart.id()) && admission.isOpen() && senders.admit(counterpart) ? null
                : ENDS;
    }

    @Override
    public void met(Counterpart counterpart) {
        senders.join(counterpart);
    }

    @Override
    public void notice(Counterpart counterpart, Notice notice) {
        if (notice.kind() == Notice.Kind.CUT_OFF) {
            shape.cutOff().accept(counterpart);
        } else {
            Role.super.notice(counterpart, notice);
        }
    }

    @Override
    public void disconnect(Counterpart counterpart) {
        admission.disconnect(counterpart);
        senders.disconnect(counterpart); // last: a leave waits for it
    }
}
