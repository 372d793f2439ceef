package dev.ipcchannel.testing.children;

/// A value whose rules differ by process: a worker refuses small numbers, its host large ones.
///
/// @param n below [#LEAST] or from [#TOO_MANY] on, it is refused where it arrives
public record Order(int n) {

    /// The least that a worker takes.
    public static final int LEAST = 10;
    /// The least that a host refuses.
    public static final int TOO_MANY = 1000;
    /// The option of a process that is a worker.
    public static final String OPTION = "-Dorder.worker=true";

    private static final boolean IS_WORKER = Boolean.getBoolean("order.worker");

    /// Checks the rule of this process.
    public Order {
        if (IS_WORKER ? n < LEAST : n >= TOO_MANY) {
            throw new IllegalArgumentException("an order of this size is not taken here: n=" + n);
        }
    }
}
