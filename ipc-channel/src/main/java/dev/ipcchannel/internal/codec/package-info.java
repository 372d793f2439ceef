/// Values of Java types as bytes and back: a compact binary format, and JSON.
///
/// A [TypePlan] is made once for a type. A [ShapeSearch] finds the type's [Shape] by reflection;
/// the [BinaryForm]s, the [JsonForm]s and the [TypeDescription] come from three walks over it. A
/// fault in a value or in bytes is a `CodecException` (`internal.value`); a type that cannot have a
/// plan is an `IllegalArgumentException`. Bytes are treated as hostile: every count is checked
/// against the bytes left, and no class is ever looked up by a name in them. docs/codec.md has the
/// formats. Only classes called `Json…` use Gson, which may be missing.
///
/// Used by `dev.ipcchannel`, `transport` and `internal.meet`; uses `internal.value`. Start with
/// [TypePlan] and [Shape].
///
/// - [TypePlan], [BinaryPlan], [JsonPlan]: the way of one type's values to bytes and back
/// - [Shape], [ShapeSearch], [Resolved]: the structure of a type, found by reflection
/// - [RecordAccess]: the access to a record class
/// - [Primitive], [JdkValue]: the JDK's types that the formats know
/// - [BinaryForm], [Forms]: the binary form of a shape; the walk that makes it: [LeafForms],
///   [JdkValueForm], [ContainerForms], [CompositeForms]
/// - [ComposedRecord], [ComponentHandles]: a hot record as two method handles; a component's
///   handles in it
/// - [JsonForm], [JsonForms]: the same for JSON: [JsonLeafForms], [JsonNumber],
///   [JsonContainerForms], [JsonCompositeForms], over [JsonSink] and [JsonSource]
/// - [ByteSink], [ByteSource]: the bytes on their way out and in
/// - [EndType], [EndWords]: a type that is an end; the words for an end in the bytes
/// - [Effort], [Keys]: the limit of work beyond the bytes; the work of one set or map
/// - [TypeDescription], [DescribedType], [CutDescription]: a type as a text; parsed; cut
/// - [TypeDifferences], [JavaNames], [Wrapping]: the differences of two types; Java's names; the
///   library's own records, left out
/// - [Misfit], [RecordHead]: a value of another class; the beginning of a message that cannot be
///   read
@NullMarked
package dev.ipcchannel.internal.codec;

import org.jspecify.annotations.NullMarked;
