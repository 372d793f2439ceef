package dev.ipcchannel.internal.ring;

/// A breach of the format by the other process. The ring is not used again.
public final class RingViolation extends RuntimeException {

    public RingViolation(String message) {
        super(message);
    }
}
