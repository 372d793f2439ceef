package dev.ipcchannel.torture.jobs;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A mapped file in which workers count the executions of each job. It contains all counts made
/// before a worker was killed.
///
/// ```text
///     job n at 16 * n
///     0        8        16
///     +--------+--------+
///     | begun  | done   |     added to, never set
///     +--------+--------+
/// ```
record Ledger(ByteBuffer memory) {

    /// The number of jobs that fit into a ledger.
    static final int JOBS = 1 << 20;

    private static final int LENGTH = 16;
    private static final int DONE = 8;
    private static final VarHandle LONG =
            MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    /// A new file, in the folder of the run, which is removed also after a storm that fails: the
    /// JDK's own default is the temporary folder that there was at the start of the JVM.
    static Path newFile() throws IOException {
        return Files.createTempFile(Path.of(System.getProperty("java.io.tmpdir")), "ledger-",
                ".bin");
    }

    /// Maps the file, which is created if it does not exist: with zeros, without using space for
    /// them.
    static Ledger open(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ,
                StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
            return new Ledger(
                    channel.map(FileChannel.MapMode.READ_WRITE, 0, (long) JOBS * LENGTH));
        }
    }

    /// Counts the begin of an execution.
    void begin(int job) {
        long _ = (long) LONG.getAndAdd(memory, job * LENGTH, 1L);
    }

    /// Counts the end of an execution.
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
