package dev.ipcchannel.internal.base;

import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A thing of the whole process that is made once, at its first use. If making it fails, only that
/// use fails. Any thread may use it.
///
/// The thing is not made by a class's initializer: a virtual thread that waits for an initializer
/// pins its carrier.
///
/// @param <T> the class of the thing
public abstract class MadeOnce<T> {

    private final ReentrantLock making = new ReentrantLock();
    private volatile @Nullable T made;

    /// Makes the thing. Called by one thread at a time, until a call succeeds.
    protected abstract T make();

    /// The thing.
    public final T get() {
        T thing = made;
        return thing == null ? makeOnce() : thing;
    }

    private T makeOnce() {
        making.lock();
        try {
            T thing = made;
            if (thing == null) {
                thing = make();
                made = thing;
            }
            return thing;
        } finally {
            making.unlock();
        }
    }
}
