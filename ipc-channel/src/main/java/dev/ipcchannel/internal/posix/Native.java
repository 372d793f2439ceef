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
/// Linking is paid per shape, not per function: eleven functions of eleven shapes took 107 ms in a
/// fresh JVM, the same through this one 10 ms. It is sound for the functions used here because on
/// both ABIs that we run on (System V x86-64 and AArch64 Linux) the first six integer arguments
/// travel in registers, of variadic functions as well; a function that takes an `int` reads the
/// register's lower half, and one that returns an `int` leaves the upper half undefined, so its
/// result is cast.
///
/// A second handle of the same shape leaves `errno` alone. With `errno`, the linker makes a segment
/// for each call, 40 bytes that are left out only where the compiler sees through all of the call.
final class Native {

    private static final MethodHandle CALL = link(Linker.Option.captureCallState("errno"));

    /// The linked call without errno, in a class of its own, as linking takes some milliseconds and
    /// few processes need it.
    private static final class WithoutErrno {

        static final MethodHandle CALL = link();
    }

    private Native() {}

    /// Calls `function`, again as long as a signal cuts it short (EINTR), and leaves `errno` in the
    /// frame: a profiler, a debugger or a user's own handler may send signals to any thread. For
    /// functions that say -1 when they fail, and have done nothing then.
    static long call(Frame frame, MemorySegment function, long a, long b, long c, long d, long e,
            long f) {
        while (true) {
            long answer = once(frame, function, a, b, c, d, e, f);
            if ((int) answer != -1 || frame.errno() != Errno.EINTR) {
                return answer;
            }
        }
    }

    /// Calls `function` once, for what must not be called again as it was: `close`, which has
    /// closed where it says EINTR as well, a wait whose deadline has come nearer meanwhile, work
    /// that the kernel undoes. No call that can block is ever made "critical".
    static long once(Frame frame, MemorySegment function, long a, long b, long c, long d, long e,
            long f) {
        try {
            return (long) CALL.invokeExact(function, frame.errnoSegment(), a, b, c, d, e, f);
        } catch (RuntimeException | Error failure) {
            throw failure;
        } catch (Throwable impossible) {
            // A downcall declares Throwable and throws none that is checked.
            throw new AssertionError(impossible);
        }
    }

    /// Calls `function` once and asks the heap for nothing, so `errno` stays unknown: for calls
    /// that are made for each message, and whose failure another call explains.
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

    @SuppressWarnings("restricted") // the only downcall; its shape is argued above
    private static MethodHandle link(Linker.Option... options) {
        MemoryLayout word = ValueLayout.JAVA_LONG;
        FunctionDescriptor shape = FunctionDescriptor.of(word, word, word, word, word, word, word);
        return Linker.nativeLinker().downcallHandle(shape, options);
    }
}
