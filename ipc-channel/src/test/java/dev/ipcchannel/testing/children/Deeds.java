package dev.ipcchannel.testing.children;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A mapped file in which workers count how often each [Deed] was begun. The counts of a killed
/// worker remain in it.
///
/// @param memory a number of 4 bytes for each
public record Deeds(ByteBuffer memory) {

    /// The number of jobs that there is room for.
    public static final int MOST = 1 << 21;

    private static final VarHandle INT =
            MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());

    /// Maps the file, which is made if it is not there: of zeros, without taking room for them.
    public static Deeds open(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ,
                StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
            return new Deeds(channel.map(FileChannel.MapMode.READ_WRITE, 0,
                    (long) MOST * Integer.BYTES));
        }
    }

    void begin(int number) {
        int _ = (int) INT.getAndAdd(memory, number * Integer.BYTES, 1);
    }

    /// How often that job was begun.
    public int begun(int number) {
        return (int) INT.getVolatile(memory, number * Integer.BYTES);
    }
}
