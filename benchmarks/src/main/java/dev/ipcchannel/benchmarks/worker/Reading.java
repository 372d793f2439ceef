package dev.ipcchannel.benchmarks.worker;

import java.util.Arrays;

/// A typed message of 48 bytes in the binary format, as long as [Payload]: an id, eight values that
/// count up from it, and a name that ends with it.
///
/// They are made beforehand, [#PERIOD] of them, and sent again and again, so that what is allocated
/// meanwhile is not theirs.
@SuppressWarnings("ArrayRecordComponent") // an array in a record is what is measured
record Reading(int id, float[] values, String name) {

    /// How many there are, with the ids 0, 1, 2, … A prime: a whole lap of a ring that is lost or
    /// comes twice does not go unseen.
    static final int PERIOD = 509;

    /// The id of the message that ends a slice.
    static final int STOP = -1;

    private static final int VALUES = 8;

    static Reading[] all() {
        Reading[] readings = new Reading[PERIOD];
        Arrays.setAll(readings, Reading::of);
        return readings;
    }

    static Reading of(int id) {
        float[] values = new float[VALUES];
        for (int i = 0; i < VALUES; i++) {
            values[i] = id + i;
        }
        return new Reading(id, values, "sensor-%03d".formatted(id & 0x1FF));
    }

    /// @throws IllegalStateException if this is not equal to the one that was sent
    void check(Reading expected) {
        if (id != expected.id || !Arrays.equals(values, expected.values)
                || !name.equals(expected.name)) {
            throw new IllegalStateException(
                    "a message is not the one that was sent: received=%s, expected=%s"
                            .formatted(this, expected));
        }
    }

    @Override
    public String toString() {
        return "Reading[%d, %s, %s]".formatted(id, Arrays.toString(values), name);
    }
}
