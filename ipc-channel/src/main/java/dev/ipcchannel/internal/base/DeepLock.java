package dev.ipcchannel.internal.base;

import java.util.concurrent.locks.ReentrantLock;

/// A lock that is free again where the stack ends on the way into it. No thread takes it twice.
///
/// HotSpot lets the JDK's locks go on beyond the end of the stack, and throws once they are locked:
/// a caller of [#lock] before its `try`, as one does, would keep the lock for ever. The way in
/// is therefore some calls deeper here than the way out, so that this one finds room wherever that
/// one has found some. Compiled, they are no calls at all.
public final class DeepLock extends ReentrantLock {

    private static final long serialVersionUID = 1;

    @Override
    public void lock() {
        try {
            lockDeep();
        } catch (StackOverflowError failure) {
            if (isHeldByCurrentThread()) {
                unlock();
            }
            throw failure;
        }
    }

    private void lockDeep() {
        lockDeeper();
    }

    private void lockDeeper() {
        lockDeepest();
    }

    private void lockDeepest() {
        super.lock();
    }
}
