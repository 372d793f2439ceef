package dev.ipcchannel.examples.plugins.samples;

import dev.ipcchannel.examples.plugins.Plugin;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// A plugin that reads unmapped memory, as a broken native library does: its JVM crashes.
public final class Crasher implements Plugin {

    private static final long NOWHERE = 8;

    @Override
    @SuppressWarnings("restricted") // that is the point
    public String run(String input) {
        MemorySegment memory = MemorySegment.ofAddress(NOWHERE).reinterpret(Long.BYTES);
        return "read " + memory.get(ValueLayout.JAVA_LONG, 0);
    }
}
