package dev.ipcchannel.demo.parent;

/// Tells it in words, a line or a few for each event.
final class TextReporter implements Reporter {

    private static final String PROMPT = "> ";

    private final Output out;
    private boolean isPrompting;

    /// @param out where to
    TextReporter(Output out) {
        this.out = out;
    }

    @Override
    public void report(Event event) {
        String text = event.text();
        if (text != null) {
            isPrompting = false;
            out.println(text);
        }
    }

    @Override
    public void prompt() {
        if (Terminal.is(Terminal.INPUT) && Terminal.is(Terminal.OUTPUT)) {
            isPrompting = true;
            out.print(PROMPT);
        }
    }

    @Override
    public void leavePrompt() {
        if (isPrompting) {
            isPrompting = false;
            out.println("");
        }
    }
}
