package dev.ipcchannel.torture.heap;

/// A child that walks with a library that has fault points, where an allocation fails.
public final class HeapChild {

    private HeapChild() {}

    /// Runs the child; the arguments are the file for its findings, the seed, and the time in
    /// milliseconds.
    ///
    /// @throws Exception that leaves the walk
    public static void main(String[] arguments) throws Exception {
        Class<?> walk = new FailingHeap(HeapChild.class.getClassLoader())
                .loadClass(HeapChild.class.getPackageName() + ".HeapWalk");
        walk.getMethod("run", String[].class).invoke(null, (Object) arguments);
        System.exit(0);
    }
}
