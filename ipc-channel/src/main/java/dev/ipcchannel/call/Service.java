package dev.ipcchannel.call;

/// One way to serve: what a responder does from the first question to the last.
interface Service {

    /// How many calls may be open at once; what more is asked is refused.
    int MAX_OPEN = 65_536;

    /// Serves until the callers are gone, or the responder is closed.
    void run() throws InterruptedException;
}
