package dev.ipcchannel.internal.base;

import java.util.concurrent.locks.ReentrantLock;

/// A lock that is free again after a stack overflow on the way into it. No thread takes it twice.
///
/// HotSpot lets the JDK's locks run beyond the end of the stack, and throws once they are locked: a
/// caller of [#lock] before its `try`, as usual, would keep the lock for ever. So the way in is a
/// few calls deeper here than the way out: where the way in has found room on the stack, the way
/// out does too. Compiled code has no such calls.
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
