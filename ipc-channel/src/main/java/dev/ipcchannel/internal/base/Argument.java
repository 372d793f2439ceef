package dev.ipcchannel.internal.base;

import java.lang.StackWalker.StackFrame;
import java.lang.reflect.Modifier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The check of an argument that a user has given. The message for a missing argument has its name
/// and the user's call, however many frames of the library are in between.
public final class Argument {

    private Argument() {}

    /// The argument, checked.
    ///
    /// @param name of the parameter, as documented
    /// @throws NullPointerException if it is null: `data of WorkerSet.send is null`
    public static <T> T given(@Nullable T value, String name) {
        if (value == null) {
            throw missing(name);
        }
        return value;
    }

    /// The argument, a number, checked.
    ///
    /// @param name of the parameter, as documented
    /// @throws IllegalArgumentException if it is negative
    public static int notNegative(int value, String name) {
        if (value < 0) {
            throw new IllegalArgumentException(
                    "%s must not be negative: %s=%d".formatted(name, name, value));
        }
        return value;
    }

    private static NullPointerException missing(String name) {
        StackFrame call = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE)
                .walk(Argument::call);
        return new NullPointerException(
                name + (call == null ? "" : " of " + shown(call)) + " is null");
    }

    /// The outermost of the library's frames, which the user has called.
    private static @Nullable StackFrame call(Stream<StackFrame> frames) {
        return frames.dropWhile(frame -> frame.getDeclaringClass() == Argument.class)
                .takeWhile(frame -> isOurs(frame.getDeclaringClass()))
                .reduce((_, outer) -> outer).orElse(null);
    }

    /// Whether a class is the library's. A user's class may be in the same jar, and a test's in the
    /// same package.
    private static boolean isOurs(Class<?> type) {
        return OwnPackages.have(type.getPackageName())
                && type.getProtectionDomain().equals(Argument.class.getProtectionDomain());
    }

    private static String shown(StackFrame call) {
        String type = name(known(call.getDeclaringClass()));
        return call.getMethodName().equals("<init>") ? "new " + type
                : type + "." + call.getMethodName();
    }

    /// The class as its users know it: if it is not public, an interface of it, or else its
    /// superclass.
    private static Class<?> known(Class<?> type) {
        for (Class<?> known = type; known != null; known = known.getSuperclass()) {
            Class<?> shown = Stream.concat(Stream.of(known), Stream.of(known.getInterfaces()))
                    .filter(Argument::isForUsers).findFirst().orElse(null);
            if (shown != null) {
                return shown;
            }
        }
        return type;
    }

    private static boolean isForUsers(Class<?> type) {
        return Modifier.isPublic(type.getModifiers()) && type != Object.class
                && !OwnPackages.areHidden(type.getPackageName());
    }

    /// The name without the package; for a nested class, with the outer classes.
    private static String name(Class<?> type) {
        int packageEnd = type.getPackageName().length() + 1;
        return type.getName().substring(packageEnd).replace('$', '.');
    }
}
