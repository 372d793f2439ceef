/// How two processes that share nothing but a name come together.
///
/// The server is a Unix socket in a directory of its own that only its user may enter. The client
/// sends one packet, [Hello], with the receiving end of a bootstrap channel, and everything else
/// goes through that channel at once. The connection stays open for as long as both processes live.
@NullMarked
package dev.ipcchannel.internal.rendezvous;

import org.jspecify.annotations.NullMarked;
