/// Questions and answers over a pair of channels: many calls at once, each with its own answer.
///
/// A [dev.ipcchannel.call.Caller] asks, a [dev.ipcchannel.call.Responder] answers. Between them go
/// [dev.ipcchannel.call.Request]s and [dev.ipcchannel.call.Reply]s, so either side's
/// [dev.ipcchannel.Duplex] can be put into a message like any other:
///
/// ```java
/// record Ends(Duplex<Request<Question>, Reply<Answer>> calls) {}
/// ```
///
/// A call that its caller gives up, by a timeout, an interrupt or a cancelled future, is cancelled
/// on the other side. What a handler throws comes back as text, in a
/// [dev.ipcchannel.CallFailed].
@NullMarked
package dev.ipcchannel.call;

import org.jspecify.annotations.NullMarked;
