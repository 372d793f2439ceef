package dev.ipcchannel.benchmarks;

import dev.ipcchannel.benchmarks.worker.DigestHost;
import dev.ipcchannel.benchmarks.worker.FileDigest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/// A temporary folder of small files, and what the digest of all their digests is. Closing it
/// removes them.
final class DigestFolder implements AutoCloseable {

    private static final int SHORTEST = 200;
    private static final int LONGEST = 2000;

    private final Path folder;
    private final int count;
    private final String expected;

    private DigestFolder(Path folder, int count) throws IOException {
        this.folder = folder;
        this.count = count;
        this.expected = fill();
    }

    static DigestFolder make(int count) {
        Path folder = null;
        try {
            folder = Files.createTempDirectory("ipc-channel-bench");
            return new DigestFolder(folder, count);
        } catch (IOException failure) {
            if (folder != null) {
                remove(folder);
            }
            throw new BenchFailure("files could not be made: count=%d, cause=%s".formatted(count,
                    failure));
        }
    }

    private String fill() throws IOException {
        MessageDigest file = FileDigest.sha256();
        MessageDigest all = FileDigest.sha256();
        SplittableRandom random = new SplittableRandom(count);
        for (int number = 0; number < count; number++) {
            Path path = DigestHost.path(folder, number);
            if (number % DigestHost.A_FOLDER == 0) {
                Files.createDirectories(path.resolve("..").normalize());
            }
            byte[] bytes = new byte[random.nextInt(SHORTEST, LONGEST)];
            random.nextBytes(bytes);
            Files.write(path, bytes);
            all.update(HexFormat.of().formatHex(file.digest(bytes))
                    .getBytes(StandardCharsets.US_ASCII));
        }
        return HexFormat.of().formatHex(all.digest());
    }

    Path path() {
        return folder;
    }

    int count() {
        return count;
    }

    /// The digest of all files' digests, in their order.
    String expected() {
        return expected;
    }

    @Override
    public void close() {
        remove(folder);
    }

    private static void remove(Path folder) {
        try (Stream<Path> entries = Files.walk(folder)) {
            List<Path> deepestFirst = entries.toList().reversed();
            for (Path entry : deepestFirst) {
                Files.delete(entry);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
