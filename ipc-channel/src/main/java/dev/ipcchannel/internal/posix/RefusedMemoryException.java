package dev.ipcchannel.internal.posix;

/// Memory that another process offered is not safe to map.
public final class RefusedMemoryException extends RuntimeException {

    RefusedMemoryException(String reason) {
        super("memory offered by the other process was refused: " + reason);
    }
}
