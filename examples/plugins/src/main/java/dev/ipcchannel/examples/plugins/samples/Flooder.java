package dev.ipcchannel.examples.plugins.samples;

import dev.ipcchannel.examples.plugins.Plugin;

/// Prints far more than anybody wants to read or to keep.
public final class Flooder implements Plugin {

    private static final int LINES = 200_000;
    private static final String LINE = "flood ".repeat(16);

    @Override
    public String run(String input) {
        for (int line = 0; line < LINES; line++) {
            System.out.println(LINE);
        }
        return "I have printed %d lines".formatted(LINES);
    }
}
