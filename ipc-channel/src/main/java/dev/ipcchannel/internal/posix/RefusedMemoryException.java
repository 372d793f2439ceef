package dev.ipcchannel.internal.posix;

/// The refusal to map memory that another process offered, because it is not safe.
public final class RefusedMemoryException extends RuntimeException {

    RefusedMemoryException(String reason) {
        super("memory offered by the other process was refused: " + reason);
    }
}
