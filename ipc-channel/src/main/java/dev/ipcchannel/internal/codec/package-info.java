/// Values of Java types as bytes and back: a compact binary format, and JSON.
///
/// A [TypePlan] is made once for a type. Behind it, a [ShapeSearch] finds the type's [Shape] by
/// reflection; the binary [Form]s, the [JsonForm]s and the [TypeDescription] are three walks over
/// it. Bytes are collected by a [ByteSink] and read by a [ByteSource]. Which types are ends of channels
/// ([EndType]), and what stands for an end ([EndWords]), the layer above says.
///
/// What is wrong with a value or with bytes is a [CodecException]; a type that cannot have a plan
/// is an `IllegalArgumentException`. Bytes are taken for hostile: every count is checked against
/// what is left, and no class is ever looked up by a name from them.
@NullMarked
package dev.ipcchannel.internal.codec;

import org.jspecify.annotations.NullMarked;
