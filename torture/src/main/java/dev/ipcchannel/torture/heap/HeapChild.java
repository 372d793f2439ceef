package dev.ipcchannel.torture.heap;

/// Walks where an allocation fails, with a library that has fault points.
public final class HeapChild {

    private HeapChild() {}

    /// Runs it; the arguments are the file for its findings, the seed, and how many milliseconds
    /// there are.
    ///
    /// @throws Exception what leaves the walk
    public static void main(String[] arguments) throws Exception {
        Class<?> walk = new FailingHeap(HeapChild.class.getClassLoader())
                .loadClass(HeapChild.class.getPackageName() + ".HeapWalk");
        walk.getMethod("run", String[].class).invoke(null, (Object) arguments);
        System.exit(0);
    }
}
