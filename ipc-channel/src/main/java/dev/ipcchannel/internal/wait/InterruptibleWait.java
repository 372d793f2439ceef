package dev.ipcchannel.internal.wait;

import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.AbstractSelector;
import java.util.Set;

/// A selector without channels. It is the JDK's way to run code in the thread that interrupts
/// another one: between `begin` and `end` an interrupt calls [Selector#wakeup], also an earlier
/// interrupt.
abstract class InterruptibleWait extends AbstractSelector {

    @SuppressWarnings("NullAway") // no provider: no channel is ever registered
    InterruptibleWait() {
        super(null);
    }

    @Override
    protected final SelectionKey register(AbstractSelectableChannel channel, int operations,
            Object attachment) {
        throw new UnsupportedOperationException("no channel can be registered");
    }

    @Override
    public final Set<SelectionKey> keys() {
        return Set.of();
    }

    @Override
    public final Set<SelectionKey> selectedKeys() {
        return Set.of();
    }

    @Override
    public final int selectNow() {
        return 0;
    }

    @Override
    public final int select(long timeout) {
        return 0;
    }

    @Override
    public final int select() {
        return 0;
    }
}
