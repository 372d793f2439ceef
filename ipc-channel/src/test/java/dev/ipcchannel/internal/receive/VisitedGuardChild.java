package dev.ipcchannel.internal.receive;

import dev.ipcchannel.internal.wait.Guard;
import dev.ipcchannel.internal.wait.Owner;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/// A program whose one thread goes into a [Guard] while another thread, which visits the guard,
/// waits without a carrier.
///
/// Arguments: an [Entry]. Ends with 0 once both have come out.
public final class VisitedGuardChild {

    private static final int STUCK = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /// The way in which the second thread goes in.
    enum Entry {
        ENTER, INTERRUPTED, TRY
    }

    private VisitedGuardChild() {}

    public static void main(String[] arguments) throws InterruptedException {
        Entry entry = Entry.valueOf(arguments[0]);
        Guard guard = new Guard("a guard");
        Owner owner = new Owner("a test", "let it end");
        check(guard.enter(null));
        guard.own(owner);
        guard.exit();
        CountDownLatch isInside = new CountDownLatch(1);
        CountDownLatch mayGoOn = new CountDownLatch(1);
        Thread visitor = Thread.ofVirtual().start(() -> {
            check(guard.visit());
            isInside.countDown();
            await(mayGoOn); // gives its carrier away
            guard.exit();
        });
        isInside.await();
        CountDownLatch isComing = new CountDownLatch(1);
        Thread second = Thread.ofVirtual().start(() -> {
            isComing.countDown();
            goInAndOut(guard, owner, entry);
        });
        isComing.await();
        mayGoOn.countDown();
        check(visitor.join(PATIENCE));
        check(second.join(PATIENCE));
        System.exit(0);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static void goInAndOut(Guard guard, Owner owner, Entry entry) {
        if (entry == Entry.INTERRUPTED) {
            Thread.currentThread().interrupt();
        }
        check(entry == Entry.TRY ? guard.tryEnter(owner) : guard.enter(owner));
        check(Thread.interrupted() == (entry == Entry.INTERRUPTED));
        guard.exit();
    }

    private static void check(boolean isSo) {
        if (!isSo) {
            new AssertionError("stuck, or not let in").printStackTrace();
            Runtime.getRuntime().halt(STUCK);
        }
    }
}
