/// The storm of hostile peers: programs in Python that break the protocol in every known way,
/// against all methods of this process.
@NullMarked
package dev.ipcchannel.torture.hostile;

import org.jspecify.annotations.NullMarked;
