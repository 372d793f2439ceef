package dev.ipcchannel.demo.parent;

import java.io.PrintStream;

/// Tells it in words, a line or a few for each event.
///
/// @param out where to
record TextReporter(PrintStream out) implements Reporter {

    @Override
    public void report(Event event) {
        String text = event.text();
        if (text != null) {
            out.println(text);
        }
    }
}
