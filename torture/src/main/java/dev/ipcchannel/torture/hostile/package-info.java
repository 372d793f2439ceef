/// The storm of hostile peers: programs in Python that break the protocol in every way there is,
/// against all verbs of this process.
@NullMarked
package dev.ipcchannel.torture.hostile;

import org.jspecify.annotations.NullMarked;
