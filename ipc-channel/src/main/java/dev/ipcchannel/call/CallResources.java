package dev.ipcchannel.call;

import dev.ipcchannel.internal.base.Argument;
import dev.ipcchannel.internal.base.Log;
import java.util.ArrayList;
import java.util.List;

/// The resources of a call, which are closed once it is over, the last one first. Its exchange lets
/// one thread at a time use this.
final class CallResources {

    private final List<AutoCloseable> things = new ArrayList<>(1);

    void add(AutoCloseable thing) {
        things.add(Argument.given(thing, "resource"));
    }

    void close() {
        things.reversed().forEach(CallResources::close);
        things.clear();
    }

    /// Closes one of a call that takes nothing more, and says so by throwing.
    static IllegalStateException tooLate(AutoCloseable thing, String why) {
        close(thing);
        return new IllegalStateException(why);
    }

    /// What the answer has become is not for a close to change.
    private static void close(AutoCloseable thing) {
        try {
            thing.close();
        } catch (Exception | Error failure) {
            if (failure instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            Log.warning("something that was to be closed after a call could not be closed",
                    failure);
        }
    }
}
