package dev.ipcchannel.torture.jobs;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A mapped file in which workers count the executions of each job: it can be read after any of
/// them was killed, and whatever they have counted by then stands there.
///
/// ```text
///     job n at 16 * n
///     0        8        16
///     +--------+--------+
///     | begun  | done   |     added to, never set
///     +--------+--------+
/// ```
record Ledger(ByteBuffer memory) {

    /// How many jobs one has room for.
    static final int JOBS = 1 << 20;

    private static final int LENGTH = 16;
    private static final int DONE = 8;
    private static final VarHandle LONG =
            MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    /// Maps the file, which is made if it is not there: of zeros, without taking room for them.
    static Ledger open(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ,
                StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
            return new Ledger(
                    channel.map(FileChannel.MapMode.READ_WRITE, 0, (long) JOBS * LENGTH));
        }
    }

    /// An execution begins.
    void begin(int job) {
        long _ = (long) LONG.getAndAdd(memory, job * LENGTH, 1L);
    }

    /// An execution has come to its end.
    void end(int job) {
        long _ = (long) LONG.getAndAdd(memory, job * LENGTH + DONE, 1L);
    }

    long begun(int job) {
        return (long) LONG.getVolatile(memory, job * LENGTH);
    }

    long done(int job) {
        return (long) LONG.getVolatile(memory, job * LENGTH + DONE);
    }
}
