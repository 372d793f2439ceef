/// Programs as words for `java`: the program of a child, and the places where this JVM finds its
/// classes.
///
/// Used by `child`; uses `internal.posix` and `internal.rendezvous`. Start with [Program].
///
/// - [Program], [JavaRuntime]: a class, a jar, a source file or a command; the `java` for it
/// - [LoaderPath], [ModulePlace], [SourceFile], [ClassPlace]: the class path of a class loader; the
///   places of a module's class, of a source file's, of a class file
@NullMarked
package dev.ipcchannel.internal.launch;

import org.jspecify.annotations.NullMarked;
