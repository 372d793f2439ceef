/// The places where processes meet by name: a directory of entries, each locked by the process that
/// is there.
@NullMarked
package dev.ipcchannel.internal.meet;

import org.jspecify.annotations.NullMarked;
