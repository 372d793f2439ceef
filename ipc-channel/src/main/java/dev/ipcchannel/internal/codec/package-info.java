/// Values of Java types as bytes and back: a compact binary format, and JSON.
///
/// A [TypePlan] is made once for a type. A [ShapeSearch] finds its [Shape] by reflection; the
/// binary [Form]s, the [JsonForm]s and the [TypeDescription] are three walks over it. What is wrong
/// with a value or with bytes is a `CodecException` (`internal.value`); a type that cannot have a
/// plan is an `IllegalArgumentException`. Bytes are taken for hostile: every count is checked against what is
/// left, and no class is ever looked up by a name from them. docs/codec.md has the formats. Gson,
/// which may be missing, is met in classes called `Json…` alone.
///
/// Used by `dev.ipcchannel`, `transport` and `internal.meet`; uses
/// `internal.value`. Start with [TypePlan] and
/// [Shape].
///
/// - [TypePlan], [BinaryPlan], [JsonPlan]: the way of one type's values to bytes and back
/// - [Shape], [ShapeSearch], [Resolved]: what a type is made of, found by reflection
/// - [RecordAccess]: the way into a record class
/// - [Primitive], [Textual]: the JDK's types that the formats know
/// - [Form], [Forms]: the binary form of a shape; the walk that makes it: [LeafForms],
///   [TextualForm], [ContainerForms], [CompositeForms]
/// - [ComposedRecord], [Slot]: a hot record as two method handles; a component's place there
/// - [JsonForm], [JsonForms]: the same for JSON: [JsonLeafForms], [JsonNumber],
///   [JsonContainerForms], [JsonCompositeForms], over [JsonSink] and [JsonSource]
/// - [ByteSink], [ByteSource]: the bytes on their way out and in
/// - [EndType], [EndWords]: a type that is an end; the words for one in the bytes
/// - [Effort], [Keys]: limits of work beyond the bytes
/// - [TypeDescription], [DescribedType], [CutDescription]: a type as a text, read, and cut
/// - [TypeDifferences], [JavaNames], [Wrapping]: what differs, in Java's names; what to leave out
/// - [Misfit], [Head]: a value of another class; the beginning of a message that cannot be read
@NullMarked
package dev.ipcchannel.internal.codec;

import org.jspecify.annotations.NullMarked;
