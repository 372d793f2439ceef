package dev.ipcchannel.internal.end;

/// The count of the resources that a lane has open, added to its end's [Counters]. Used by one
/// thread at a time, as the lane is.
public final class LaneResources {

    private final Counters counters;
    private int descriptors;
    private long bytes;

    public LaneResources(Counters counters) {
        this.counters = counters;
    }

    /// Sets the number of open descriptors and of mapped bytes.
    public void now(int newDescriptors, long newBytes) {
        counters.hold(newDescriptors - descriptors, newBytes - bytes);
        descriptors = newDescriptors;
        bytes = newBytes;
    }
}
