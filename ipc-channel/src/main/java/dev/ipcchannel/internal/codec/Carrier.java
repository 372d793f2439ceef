package dev.ipcchannel.internal.codec;

/// A carrier that takes ends of channels along with the message that is being written.
@FunctionalInterface
public interface Carrier {

    /// Notes `end` down for the journey.
    ///
    /// @return what to write in its place
    /// @throws CodecException if it cannot travel
    EndWords depart(EndType type, Object end);
}
