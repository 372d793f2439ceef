package dev.ipcchannel.internal.end;

/// The count of what a lane holds open, told to its end's [Tally]. Used by one thread at a time, as
/// the lane is.
public final class Holding {

    private final Tally tally;
    private int descriptors;
    private long bytes;

    public Holding(Tally tally) {
        this.tally = tally;
    }

    /// It holds so many descriptors, and bytes of mapped memory.
    public void now(int newDescriptors, long newBytes) {
        tally.hold(newDescriptors - descriptors, newBytes - bytes);
        descriptors = newDescriptors;
        bytes = newBytes;
    }
}
