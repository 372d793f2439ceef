package dev.ipcchannel.testing.children;

/// A child that complains and ends before it connects.
public final class FailingChild {

    /// How it ends.
    public static final int EXIT_CODE = 7;

    private FailingChild() {}

    public static void main(String[] arguments) {
        System.err.println("first complaint");
        System.err.println("last complaint");
        System.exit(EXIT_CODE);
    }
}
