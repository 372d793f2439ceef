/// Typed channels between processes that did not start each other: they meet by a name.
///
/// ```java
/// try (var orders = NamedReceiver.open("orders", Order.class); // in one process
///         var beat = orders.startHeartbeat(Duration.ofMillis(500))) {
///     for (Order order : orders) {
///         ship(order);
///     }
/// }
///
/// try (var orders = NamedSender.open("orders", Order.class)) { // in another, started before or after
///     orders.waitUntilReady();
///     orders.send(new Order("tea", 2));
/// }
/// ```
///
/// No broker and no daemon: a directory of this user's alone has two files, an entry and a socket,
/// for each end that has a name open, which go with its process.
@NullMarked
package dev.ipcchannel.named;

import org.jspecify.annotations.NullMarked;

// For readers of the code. Used by programs; uses `dev.ipcchannel`, `call`, `internal.end`,
// `internal.meet`, `internal.posix`, `internal.presence`, `internal.receive`,
// `internal.rendezvous`, `internal.send` and `internal.wire`. Start with [NamedSender].
//
// - [NamedSender], [NamedReceiver], [NamedChannel], [NamedOptions], [Unreceived]: typed ends
// - [Heartbeat]: that a receiver is ready
// - [Opening]: the opening of a name, for all kinds of ends
// - [NamedDirectory], [NamedMember]: what is open, for people and tools
// - [NamedService], [ServerRole]: a server; its callers
// - [NamedCaller], [CallerRole], [Server], [ServedCall]: a caller; its servers; one; one question
// - [Service], [Served], [Lines]: the types; a server's words; two channels for each two
// - [NamedSignal], [SignalRole], [SignalQueue], [SignalRecord], [ArrivedSignals], [SignalCounts]:
//   signals without a message; one queue for each listener; those that have come, counted
// - [IpcChannel], [BroadcastOptions], [ChannelType], [ConnMode], [SlowReader]: a broadcast channel
// - [Broadcast], [Connections], [Connection], [BroadcastSender], [BroadcastReceiver]: what its
//   connections have in common; the one there is; its two halves
// - [NumberedCodec], [NumberedHandler]: numbered messages, decoded; read in place
// - [Libipc], [KeptSender], [Lingering]: libipc's words; a sender for single messages; an exit
