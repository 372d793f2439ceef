package dev.ipcchannel.internal.ring;

/// The other process wrote something that the format forbids. The ring is not used again.
public final class RingViolation extends RuntimeException {

    public RingViolation(String message) {
        super(message);
    }
}
