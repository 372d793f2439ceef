package dev.ipcchannel.internal.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ipcchannel.testing.Children;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Memory that a process shows to others is written by that process alone.
@Timeout(30)
class ShownMemoryTest {

    private static final long LENGTH = 4096;

    @RegisterExtension
    final Children children = new Children();

    private static boolean isKernelOf(int major, int minor) {
        String[] words = System.getProperty("os.version").split("[^0-9]+", -1);
        int have = Integer.parseInt(words[0]);
        return have > major || (have == major && Integer.parseInt(words[1]) >= minor);
    }

    @Test
    void othersReadWhatItsMakerWritesAndCannotWrite() throws Exception {
        assumeTrue(isKernelOf(5, 1), "this kernel has no F_SEAL_FUTURE_WRITE");
        try (SharedMemory made = SharedMemory.createToShow(LENGTH)) {
            Path file = Path.of("/proc/self/fd/" + made.file().number()); // as any holder opens it
            assertThatThrownBy(() -> SharedMemory.adopt(made.file().duplicate(), LENGTH))
                    .isInstanceOf(RefusedMemoryException.class)
                    .hasMessageEndingWith("it may not be written to");
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ,
                    StandardOpenOption.WRITE)) {
                assertThatThrownBy(() -> channel.write(ByteBuffer.wrap(new byte[8])))
                        .isInstanceOf(IOException.class);
                assertThatThrownBy(() -> channel.map(FileChannel.MapMode.READ_WRITE, 0, LENGTH))
                        .isInstanceOf(IOException.class);
                assertThatThrownBy(() -> channel.truncate(0)).isInstanceOf(IOException.class);
            }
            long before = Children.allDescriptors();
            try (SharedMemory seen =
                    SharedMemory.adoptToLook(made.file().duplicate(), LENGTH)) {
                assertThat(Children.allDescriptors()).as("descriptors").isEqualTo(before);
                made.segment().set(ValueLayout.JAVA_LONG, 0, 4711);
                assertThat(seen.segment().get(ValueLayout.JAVA_LONG, 0)).isEqualTo(4711);
                assertThat(seen.segment().isReadOnly()).isTrue();
            }
        }
    }

    @Test
    void memoryThatOthersMayWriteIsReadAsWell() {
        try (SharedMemory made = SharedMemory.create(LENGTH);
                SharedMemory seen = SharedMemory.adoptToRead(made.file().duplicate(), LENGTH)) {
            made.segment().set(ValueLayout.JAVA_LONG, 0, 4711);

            assertThat(seen.segment().get(ValueLayout.JAVA_LONG, 0)).isEqualTo(4711);
            assertThat(seen.segment().isReadOnly()).isTrue();
        }
    }

    @Test
    void memoryThatMayShrinkIsRefused() throws Exception {
        Path plain = children.directory().resolve("plain");
        try (FileChannel _ = FileChannel.open(plain, StandardOpenOption.CREATE,
                StandardOpenOption.WRITE); Descriptor file = Flock.open(plain.toString())) {
            assertThat(file).isNotNull();
            assertThatThrownBy(() -> SharedMemory.adoptToLook(file, LENGTH))
                    .isInstanceOf(RefusedMemoryException.class);
        }
        assertThat(plain.toFile().delete()).isTrue();
    }
}
