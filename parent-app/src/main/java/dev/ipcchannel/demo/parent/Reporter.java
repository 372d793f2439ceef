package dev.ipcchannel.demo.parent;

/// Tells the user what happens. Called by one thread.
interface Reporter {

    void report(Event event);
}
