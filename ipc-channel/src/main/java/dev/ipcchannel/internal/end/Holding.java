package dev.ipcchannel.internal.end;

/// The count of the resources that a lane has open, added to its end's [Tally]. Used by one thread
/// at a time, as the lane is.
public final class Holding {

    private final Tally tally;
    private int descriptors;
    private long bytes;

    public Holding(Tally tally) {
        this.tally = tally;
    }

    /// Sets the number of open descriptors and of mapped bytes.
    public void now(int newDescriptors, long newBytes) {
        tally.hold(newDescriptors - descriptors, newBytes - bytes);
        descriptors = newDescriptors;
        bytes = newBytes;
    }
}
