package dev.ipcchannel.demo.parent;

/// A reporter that prints text, one or a few lines for each event.
final class TextReporter implements Reporter {

    private static final String PROMPT = "> ";

    private final Output out;
    private boolean isPrompting;

    /// @param out the output
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
