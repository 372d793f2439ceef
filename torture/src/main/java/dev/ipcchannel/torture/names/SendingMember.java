package dev.ipcchannel.torture.names;

import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.Claim;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.NoReceiver;
import dev.ipcchannel.ResourceExhausted;
import dev.ipcchannel.SendOutcome;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.named.NamedOptions;
import dev.ipcchannel.named.NamedSender;
import dev.ipcchannel.named.Unreceived;
import dev.ipcchannel.torture.Findings;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A thread that opens one sender after another, and sends numbered messages by every method. A
/// number that was not sent is used again.
final class SendingMember extends MemberThread {

    static final String SENT = "messages sent";
    static final String LONG = "long messages sent";
    static final String IN_PLACE = "messages sent in place";
    static final String TIMED_OUT = "sends that timed out";
    static final String INTERRUPTED = "sends that were interrupted";
    static final String CLOSED = "senders closed by another thread";
    static final String ALONE = "sends without a receiver, refused";
    static final String READY = "waits until a receiver was ready";
    static final String NOT_READY = "waits until a receiver was ready that timed out";

    private static final List<Unreceived> RULES = List.of(Unreceived.values());
    private static final int MOST_MESSAGES = 4000;
    private static final int LONGEST_WAIT = 60; // milliseconds
    private static final int UNDISTURBED = 4; // calls, however slow they are
    private static final int PAUSES = 32; // one after so many messages
    private static final int LONGEST_PAUSE = 3_000_000; // nanoseconds
    private static final int WAITS = 64; // one until a receiver is ready, after so many messages

    private volatile @Nullable Thread thread;
    private volatile @Nullable NamedSender<byte[]> current;
    private final AtomicInteger calls = new AtomicInteger();
    private int disturbed; // as many calls as there were then; of the thread that disturbs

    SendingMember(Book book, Lines lines, SplittableRandom random, Findings findings) {
        super(book, lines, random, findings);
    }

    @Override
    String what() {
        return "sender";
    }

    @Override
    Book.Line line(int number) {
        return book.sender(number);
    }

    @Override
    void failed(Book.Line line, Throwable failure) {
        switch (failure) {
            case InterruptedException _ -> findings.count("opens that were interrupted");
            case EndClosed _ -> findings.count(CLOSED);
            default -> super.failed(line, failure);
        }
    }

    /// Makes the thread's present call end early, in one of two ways, unless the thread has made
    /// only a few calls since the last time.
    void disturb(boolean isClosed) {
        NamedSender<byte[]> sender = current;
        Thread sending = thread;
        int now = calls.get();
        if (sender == null || sending == null || now - disturbed < UNDISTURBED) {
            return;
        }
        disturbed = now;
        if (isClosed) {
            sender.close();
        } else {
            sending.interrupt();
        }
    }

    @Override
    void live(Book.Line line) throws Exception {
        thread = Thread.currentThread();
        line.begin(random.nextInt(Names.NAMES));
        NamedOptions options = NamedOptions.defaults()
                .withUnreceived(RULES.get(random.nextInt(RULES.size())))
                .withChannel(ChannelOptions.defaults().withCapacity(Names.CAPACITY));
        long start = System.nanoTime();
        try (NamedSender<byte[]> sender = findings.timed("open of a sender", Names.SILENCE,
                () -> NamedSender.open(Names.name(line), byte[].class, options))) {
            if (System.nanoTime() - start < Names.SURE.toNanos()) {
                line.setSure();
            }
            line.enter(Phase.OPEN);
            current = sender;
            send(sender, line);
        } finally {
            current = null;
        }
    }

    private void send(NamedSender<byte[]> sender, Book.Line line) {
        long most = random.nextInt(MOST_MESSAGES);
        for (long message = 1; message <= most && !book.isOver();) {
            if (isSent(sender, line, message)) {
                message++;
            }
            calls.incrementAndGet();
            if (random.nextInt(PAUSES) == 0) {
                LockSupport.parkNanos(random.nextInt(LONGEST_PAUSE));
            }
            if (random.nextInt(WAITS) == 0) {
                awaitReady(sender, line);
            }
        }
    }

    private void awaitReady(NamedSender<byte[]> sender, Book.Line line) {
        long[] before = book.pulses();
        long start = System.nanoTime();
        Duration wait = Duration.ofMillis(random.nextInt(LONGEST_WAIT));
        try {
            boolean _ = findings.timed("wait until ready", wait, () -> {
                sender.waitUntilReady(wait);
                return true;
            });
            findings.count(READY);
            checkReady(line, before, start);
        } catch (TimedOut _) {
            findings.count(NOT_READY);
        } catch (InterruptedException _) {
            findings.count("waits until a receiver was ready that were interrupted");
        } catch (RuntimeException known) {
            throw known;
        } catch (Exception impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /// Checks that a receiver was ready meanwhile: its last heartbeat is recent enough.
    private void checkReady(Book.Line line, long[] before, long start) {
        for (int i = 0; i < Book.MOST; i++) {
            Book.Line receiver = book.receiver(i);
            long pulse = receiver.pulse();
            boolean hasBeaten = pulse % 2 == 1 || pulse != before[i] || before[i] % 2 == 1;
            if (hasBeaten && receiver.name() == line.name() && !book.process(i / Book.EACH)
                    .wasDead(start - TakingMember.OLDEST_BEAT.toNanos())) {
                return;
            }
        }
        findings.fault("sender %d found a receiver ready without a heartbeat".formatted(
                line.number()));
    }

    /// Sends a message. No receiver gets a message whose call does not return that it was sent.
    private boolean isSent(NamedSender<byte[]> sender, Book.Line line, long message) {
        boolean isSent = false;
        line.attempt(message);
        line.enter(Phase.SENDING);
        try {
            Duration wait = Duration.ofMillis(random.nextInt(LONGEST_WAIT));
            isSent = findings.timed("send", wait, () -> isSent(sender, line, message, wait));
        } catch (TimedOut _) {
            findings.count(TIMED_OUT);
        } catch (InterruptedException _) {
            findings.count(INTERRUPTED);
        } catch (NoReceiver _) {
            findings.count(ALONE);
        } catch (ResourceExhausted _) {
            findings.count("claims that a newcomer had no room for");
        } catch (RuntimeException known) {
            throw known;
        } catch (Exception impossible) {
            throw new IllegalStateException(impossible);
        } finally {
            line.enter(Phase.OPEN);
            if (isSent) {
                line.done(message);
                findings.count(Letter.isLong(message) ? LONG : SENT);
            } else {
                line.attempt(message - 1);
            }
        }
        return isSent;
    }

    private boolean isSent(NamedSender<byte[]> sender, Book.Line line, long message, Duration wait)
            throws InterruptedException {
        return switch (random.nextInt(8)) {
            case 0 -> sender.trySend(Letter.of(line.number(), message)) == SendOutcome.SENT;
            case 1, 2 -> isClaimed(sender, line, message, wait);
            default -> {
                sender.send(Letter.of(line.number(), message), wait);
                yield true;
            }
        };
    }

    /// Sends by a claim. Half of the claims are abandoned, with bytes in them that no receiver may
    /// see.
    private boolean isClaimed(NamedSender<byte[]> sender, Book.Line line, long message,
            Duration wait) throws InterruptedException {
        boolean isGivenUp = random.nextBoolean();
        int length = Letter.length(line.number(), message);
        try (Claim claim = sender.claim(length, wait)) {
            Letter.write(line.number(), isGivenUp ? message + 1 : message,
                    claim.payload().asByteBuffer());
            if (!isGivenUp) {
                claim.commit();
                findings.count(IN_PLACE);
            }
        }
        return !isGivenUp;
    }
}
