package dev.ipcchannel.internal.posix;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// The one way into native code: six `long` arguments in, one `long` out, `errno` captured.
///
/// Linking costs time per shape, not per function: eleven functions of eleven shapes took 107 ms in
/// a fresh JVM, the same eleven through this one shape 10 ms. The shape is sound for the functions
/// used here. On both supported ABIs (System V x86-64 and AArch64 Linux) the first six integer
/// arguments travel in registers, for variadic functions as well. A function that takes an `int`
/// reads the lower half of the register. A function that returns an `int` leaves the upper half
/// undefined, so its result is cast.
///
/// A second handle of the same shape does not capture `errno`. With `errno`, the linker allocates a
/// segment for each call, 40 bytes that are saved only if the compiler inlines all of the call.
final class Native {

    private static final MethodHandle CALL = link(Linker.Option.captureCallState("errno"));

    /// The linked call without errno. It is a class of its own, because linking takes some
    /// milliseconds and few processes need it.
    private static final class WithoutErrno {

        static final MethodHandle CALL = link();
    }

    private Native() {}

    /// Calls `function`, again after each signal that cuts it short (EINTR), and leaves `errno` in
    /// the frame: a profiler, a debugger or a user's own handler may send signals to any thread.
    /// For functions that return -1 on failure, and have done nothing then.
    static long call(Frame frame, MemorySegment function, long a, long b, long c, long d, long e,
            long f) {
        while (true) {
            long answer = once(frame, function, a, b, c, d, e, f);
            if ((int) answer != -1 || frame.errno() != Errno.EINTR) {
                return answer;
            }
        }
    }

    /// Calls `function` once, for calls that must not be repeated unchanged: `close`, which has
    /// closed even after EINTR; a wait whose deadline has come nearer; work that the kernel undoes.
    /// No call that can block is ever made "critical".
    static long once(Frame frame, MemorySegment function, long a, long b, long c, long d, long e,
            long f) {
        try {
            return (long) CALL.invokeExact(function, frame.errnoSegment(), a, b, c, d, e, f);
        } catch (RuntimeException | Error failure) {
            throw failure;
        } catch (Throwable impossible) {
            // A downcall declares Throwable but throws no checked exception.
            throw new AssertionError(impossible);
        }
    }

    /// Calls `function` once without an allocation, so `errno` is unknown: for calls that are made
    /// for each message, and whose failure another call explains.
    static long withoutErrno(MemorySegment function, long a, long b, long c, long d, long e,
            long f) {
        try {
            return (long) WithoutErrno.CALL.invokeExact(function, a, b, c, d, e, f);
        } catch (RuntimeException | Error failure) {
            throw failure;
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    /// The address of a function of the C library.
    static MemorySegment symbol(String name) {
        SymbolLookup library = Linker.nativeLinker().defaultLookup();
        return library.find(name).orElseThrow(() -> new UnsupportedOperationException(
                "the C library lacks a function that ipc-channel needs: function=" + name));
    }

    @SuppressWarnings("restricted") // the only downcall; its shape is explained above
    private static MethodHandle link(Linker.Option... options) {
        MemoryLayout word = ValueLayout.JAVA_LONG;
        FunctionDescriptor shape = FunctionDescriptor.of(word, word, word, word, word, word, word);
        return Linker.nativeLinker().downcallHandle(shape, options);
    }
}
