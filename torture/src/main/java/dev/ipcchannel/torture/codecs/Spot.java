package dev.ipcchannel.torture.codecs;

/// A key that counts how often it is hashed and compared. One thread at a time may use it.
record Spot(int x, int y) {

    private static long uses;

    /// Makes one of the spots whose hash code is 0.
    static Spot colliding(int number) {
        return new Spot(number, -31 * number);
    }

    /// The number of times that any spot was hashed or compared.
    static long uses() {
        return uses;
    }

    @Override
    public int hashCode() {
        uses++;
        return 31 * x + y;
    }

    @Override
    public boolean equals(Object other) {
        uses++;
        return other instanceof Spot spot && x == spot.x && y == spot.y;
    }
}
