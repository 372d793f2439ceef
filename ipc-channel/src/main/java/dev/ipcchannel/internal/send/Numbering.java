package dev.ipcchannel.internal.send;

import dev.ipcchannel.internal.end.OutgoingMessage;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// The running number of each message of a [Group], written into the message itself. By the numbers
/// a receiver sees which messages it has missed.
///
/// Used under the group's lock by the thread that has the turn, or with the turn free: no other
/// thread commits between the write and the commit. So each used number is in exactly one message,
/// and a message that was given up has used none.
final class Numbering {

    /// The index of the number in a message.
    private static final int INDEX = 0;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class,
            ByteOrder.LITTLE_ENDIAN).withInvokeExactBehavior();

    private final boolean isOn;
    private long last;

    /// @param isOn whether messages have a place for the number
    Numbering(boolean isOn) {
        this.isOn = isOn;
    }

    boolean isOn() {
        return isOn;
    }

    /// Writes the next number into a message, which may use it.
    void write(OutgoingMessage message) {
        if (isOn) {
            LONG.set(message.head(), INDEX, last + 1);
        }
    }

    /// Notes that the number written last is used.
    void use() {
        last++;
    }
}
