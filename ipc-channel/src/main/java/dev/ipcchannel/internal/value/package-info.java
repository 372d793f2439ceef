/// The common ground of all forms of values, whatever their types: texts as UTF-8, numbers of seven
/// bits a byte, the limit of nesting, and the exception for a value or its bytes.
///
/// Used by `dev.ipcchannel` and `internal.codec`; uses none. Start with [CodecException].
///
/// - [CodecException]: the failure of a value or of bytes, with the path to the place
/// - [Utf8], [Varint]: a text, and a number, as bytes
/// - [Depth]: the depth at which a value nests
@NullMarked
package dev.ipcchannel.internal.value;

import org.jspecify.annotations.NullMarked;
