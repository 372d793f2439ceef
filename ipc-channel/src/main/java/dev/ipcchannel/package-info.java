/// Typed channels between JVMs, and other processes, on one machine.
///
/// A [dev.ipcchannel.Channel] has one [dev.ipcchannel.Receiver] and any number of
/// [dev.ipcchannel.Sender]s. Either end can be put into a message and goes to another process with
/// it. A [dev.ipcchannel.OneShotServer] hands the first ends over to a child process. Bytes travel
/// in shared memory; the kernel says when a peer is gone.
///
/// What goes wrong is an [dev.ipcchannel.IpcException], unchecked, of a kind that says what; wrong
/// use by the caller is an `IllegalArgumentException` or `IllegalStateException`;
/// `Thread.interrupt` ends every wait with an `InterruptedException` and leaves the channel intact.
///
/// A verb with a `Duration` waits no longer than that; not at all where it is zero or negative, as
/// what is left of a time that is over. What is set once, a grace for instance, refuses a negative
/// one.
@NullMarked
package dev.ipcchannel;

import org.jspecify.annotations.NullMarked;
