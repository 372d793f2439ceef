package dev.ipcchannel.examples.plugins.samples;

import dev.ipcchannel.examples.plugins.Plugin;
import java.util.ArrayList;
import java.util.List;

/// A plugin that takes all memory that it can get.
public final class Hoarder implements Plugin {

    private static final int MEBIBYTE = 1 << 20;

    @Override
    public String run(String input) {
        List<byte[]> hoard = new ArrayList<>();
        while (hoard.size() < Integer.MAX_VALUE) {
            hoard.add(new byte[MEBIBYTE]);
        }
        return "never said";
    }
}
