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
/// try (var orders = NamedSender.open("orders", Order.class)) { // in another, at any time
///     orders.waitUntilReady();
///     orders.send(new Order("tea", 2));
/// }
/// ```
///
/// There is no broker and no daemon: a private directory of the user has two files, an entry and a
/// socket, for each end that has a name open. They disappear with its process.
@NullMarked
package dev.ipcchannel.named;

import org.jspecify.annotations.NullMarked;

// For readers of the code. Used by programs; uses `dev.ipcchannel`, `call`, `internal.end`,
// `internal.meet`, `internal.posix`, `internal.presence`, `internal.receive`,
// `internal.rendezvous`, `internal.send` and `internal.wire`. Start with [NamedSender].
//
// - [NamedSender], [NamedReceiver], [NamedChannel], [NamedOptions], [Unreceived]: typed ends
// - [Heartbeat]: the sign that a receiver is ready
// - [Opening]: the opening of a name, for all kinds of ends
// - [NamedDirectory], [NamedMember]: the open names, for people and tools
// - [NamedService], [ServerRole]: a server; its side of all calls
// - [NamedCaller], [CallerRole], [Server], [ServiceCall]: a caller; its servers; one server; one
//   call
// - [Service], [ServerMessage], [ChannelPairs]: the types; a server's messages; the channels of
//   each caller with each server
// - [NamedSignal], [SignalRole], [SignalQueue], [SignalRecord], [ArrivedSignals], [SignalCounts]:
//   signals; the queue for each listener; the counters of arrived signals
// - [IpcChannel], [BroadcastOptions], [ChannelType], [ConnMode], [SlowReader]: a broadcast channel
// - [Broadcast], [Connections], [Connection], [BroadcastSender], [BroadcastReceiver]: the state of
//   all its connections; the present one; its two halves
// - [NumberedCodec], [NumberedHandler]: numbered messages, decoded or read in place
// - [Libipc], [KeptSender], [Lingering]: libipc's texts; a sender for single messages; the exit of
//   the process
