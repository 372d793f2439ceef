package dev.ipcchannel.internal.codec;

/// A type whose values are ends of channels: bytes cannot say them, a [Carrier] takes them along.
public interface EndType {

    /// The class that its values are of.
    Class<?> raw();

    /// What stands for it in the description of a type, such as `sender<string>`: names, and types
    /// in angle brackets, as [TypeDescription] has them. The first name is also what stands for it
    /// in JSON.
    String description();
}
