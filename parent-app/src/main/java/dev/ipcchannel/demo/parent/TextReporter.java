package dev.ipcchannel.demo.parent;

/// Tells it in words, a line or a few for each event.
///
/// @param out where to
record TextReporter(Output out) implements Reporter {

    @Override
    public void report(Event event) {
        String text = event.text();
        if (text != null) {
            out.println(text);
        }
    }
}
