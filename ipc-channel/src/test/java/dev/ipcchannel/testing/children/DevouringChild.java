package dev.ipcchannel.testing.children;

import dev.ipcchannel.child.ChildJvm;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.zip.Deflater;

/// A child that uses one kind of memory without end: the first argument says which. With a further
/// argument it connects before.
public final class DevouringChild {

    private static final List<Object> KEPT = new ArrayList<>();
    private static final byte[] INPUT = new byte[1 << 16];
    private static final byte[] OUTPUT = new byte[1 << 10];
    private static final int DEPTH = 2000;

    private DevouringChild() {}

    public static void main(String[] arguments) throws Exception {
        if (arguments.length > 1) {
            var parent = ChildJvm.parent(String.class, String.class);
            parent.send("connected");
            String _ = parent.receive();
        }
        while (true) {
            KEPT.add(switch (arguments[0]) {
                case "heap" -> new byte[1 << 20];
                case "direct" -> touched(ByteBuffer.allocateDirect(1 << 20));
                case "native" -> deflater();
                case "threads" -> thread();
                case "stack" -> recursion(0);
                default -> throw new IllegalArgumentException(arguments[0]);
            });
        }
    }

    private static ByteBuffer touched(ByteBuffer buffer) {
        for (int at = 0; at < buffer.capacity(); at += 4096) {
            buffer.put(at, (byte) 1);
        }
        return buffer;
    }

    /// Its memory is from malloc, and counts for no limit of the JVM.
    private static Deflater deflater() {
        Deflater deflater = new Deflater();
        deflater.setInput(INPUT);
        int _ = deflater.deflate(OUTPUT);
        return deflater;
    }

    private static Thread thread() {
        CountDownLatch never = new CountDownLatch(1);
        return Thread.ofPlatform().daemon().start(() -> {
            long _ = upTo(DEPTH);
            try {
                never.await();
            } catch (InterruptedException _) {
                // It ends.
            }
        });
    }

    private static long upTo(int depth) {
        return depth == 0 ? 0 : 1 + upTo(depth - 1);
    }

    private static Long recursion(long depth) {
        return depth < 0 ? depth : 1 + recursion(depth + 1); // never: the stack ends before
    }
}
