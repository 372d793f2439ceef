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
/// on the other side. What a handler throws comes back as text, in a [dev.ipcchannel.CallFailed].
@NullMarked
package dev.ipcchannel.call;

import org.jspecify.annotations.NullMarked;

// For readers of the code. Used by programs, `child`, `named`, `worker` and `internal.job`; uses
// `dev.ipcchannel`. Start with [Caller] and [Responder], then [ReplyDispatcher] and
// [QuestionSource].
//
// - [Caller], [Parts]: the asking side; an answer that comes in parts
// - [Responder], [Handler], [Exchange]: the answering side; its code; one call as that sees it
// - [ContextCarrier], [FixedContext], [HandlerWithin]: the context of a question; one that is
//   always the same; a handler that runs within it
// - [Request], [Reply], [RemoteFailure]: the messages; an exception as text
// - [ReplyDispatcher], [CallTable], [CallEnds]: the caller's side; the calls that are open; its
//   channels
// - [Leadership], [WaitNode]: the right to receive for all waiting threads; the node of one that
//   waits
// - [OpenCall], [FutureCall], [WaitNodeCall], [AwaitedCall], [PartsCall], [ReceivedParts]: an open
//   call, by the way in which its answer is awaited
// - [OpenObservedCall], [CallObserver], [ObservedCall]: a call with an observer
// - [ControlMessages]: cancels and grants of parts, sent without a wait
// - [Service], [InlineService], [ConcurrentService]: the loops of a thread that serves: handlers on
//   it, or on an executor; [Way]: these two, and questions that are given out to be answered later
// - [QuestionSource]: the receiving of questions, and the waits of those that are answered
// - [Questions], [OpenQuestion], [Question]: those that are open; one of them; one as its taker has
//   it
// - [Replies], [OwedReplies]: last replies; those to questions that are not to be answered
// - [CancelPoller]: a look for cancels while a handler keeps the serving thread
// - [Standing], [CallResources]: whether a call goes on; what it closes
