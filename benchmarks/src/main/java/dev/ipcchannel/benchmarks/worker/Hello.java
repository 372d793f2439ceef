package dev.ipcchannel.benchmarks.worker;

/// The smallest JVM there is: what a start-up is compared with.
public final class Hello {

    private Hello() {}

    /// Says it.
    ///
    /// @param arguments none
    public static void main(String[] arguments) {
        System.out.println("hello");
    }
}
