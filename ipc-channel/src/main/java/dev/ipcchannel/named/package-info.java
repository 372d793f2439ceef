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
