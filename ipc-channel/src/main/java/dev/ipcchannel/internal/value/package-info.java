/// What each form of a value stands on, whatever its type: texts as UTF-8, numbers of seven bits a
/// byte, the limit of nesting, and what is wrong with a value or its bytes.
///
/// Used by `dev.ipcchannel` and `internal.codec`; uses none. Start with [CodecException].
///
/// - [CodecException]: what is wrong, with the path to the place
/// - [Utf8], [Varint]: a text, and a number, as bytes
/// - [Depth]: how deep a value nests
@NullMarked
package dev.ipcchannel.internal.value;

import org.jspecify.annotations.NullMarked;
