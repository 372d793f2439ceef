package dev.ipcchannel.call;

import org.jspecify.annotations.Nullable;

/// A loop of a thread that serves: from the first question to the last, a handler makes the
/// answers.
///
/// @param <Q> the type of the questions
/// @param <R> the type of the answers
abstract class Service<Q, R> {

    /// How many calls may be open at once; what more is asked is refused.
    static final int MAX_OPEN = 65_536;

    private final Handler<Q, R> handler;

    Service(Handler<Q, R> handler) {
        this.handler = handler;
    }

    /// Serves until the callers are gone, or the responder is closed.
    abstract void run() throws InterruptedException;

    /// Answers a question that has begun: the handler runs on the calling thread, and what became
    /// of it is sent.
    ///
    /// @return what the handler threw, or null
    final @Nullable Throwable handle(OpenQuestion<Q, R> question) throws InterruptedException {
        R value = null;
        Throwable thrown = null;
        try {
            value = handler.answer(question.value(), question);
        } catch (Throwable failure) { // errors too: the caller is to know, and others are waiting
            thrown = failure;
        } finally {
            boolean _ = question.shut(); // nothing interrupts for this call from here on
        }
        try {
            settle(question, value, thrown);
        } finally {
            question.settled();
        }
        return thrown;
    }

    /// Lets the handler of a question say meanwhile what it has gathered, on the calling thread.
    final void helpOut(OpenQuestion<Q, R> question) throws InterruptedException {
        question.setHelper(Thread.currentThread());
        try {
            handler.whileItTakesLong(question);
        } finally {
            question.setHelper(null);
        }
    }

    /// Sends the last reply to a question whose handler has returned.
    abstract void settle(OpenQuestion<Q, R> question, @Nullable R value, @Nullable Throwable thrown)
            throws InterruptedException;
}
