package dev.ipcchannel.examples.plugins.samples;

import dev.ipcchannel.examples.plugins.Plugin;

/// A plugin that prints far more than a user can read or a host should keep.
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
