package dev.ipcchannel.benchmarks.worker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// The digest of a file: the job of workers and of children that are compared, and of what checks
/// them.
public final class FileDigest {

    private FileDigest() {}

    /// Reads a file.
    ///
    /// @return its digest by SHA-256, in hexadecimal digits
    public static String of(String file) {
        try {
            return HexFormat.of().formatHex(sha256().digest(Files.readAllBytes(Path.of(file))));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// The digest that has read nothing yet.
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) { // each JDK has it
            throw new AssertionError(impossible);
        }
    }
}
