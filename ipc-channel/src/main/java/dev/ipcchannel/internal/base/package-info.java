/// The ground that every room may stand on, and which stands on the JDK alone.
///
/// Used by every room; uses none. Start with [Deadline] and [Argument].
///
/// - [Deadline], [ShownTime]: a moment at which waiting ends; a time as people read it
/// - [Argument], [OwnPackages], [Printable]: the check of what a user gives; which packages are the
///   library's; foreign text made fit for a sentence
/// - [Log], [Repetition]: the JDK's log, which no event fills; the count of one event
/// - [SharedThread], [MadeOnce]: a thread that works for many ends, and waits for none; a thing of
///   the process that is made at its first use
/// - [GenericType]: a class with type arguments
/// - [WorkFuture]: a future of work that goes on elsewhere, given up by completing it by hand
/// - [TimedQuery]: a question that the kernel may take long to answer, on a thread of its own
/// - [AllSteps], [DeepLock]: the steps of an end, all of them taken; a lock on a stack that ends
/// - [ExitFiles]: the files that this process's exit removes, after the shutdown hooks
/// - [Lifeline], [Lifelines], [GoAway]: the connection of two processes as long as both live; this
///   process's; the notice there that one of them is about to end
/// - [Marks]: a number of each of two sides that the other one may look at
/// - [Refusal]: the reason why a process that has connected is refused
///
/// The verbs that end things, as all rooms use them:
///
/// - *abandon*: let go of an end that goes on in another process; of a call, give it up
/// - *abort*: give a claim up; its room becomes free
/// - *cancel*: say to the other side that an answer is not wanted any more
/// - *close*: the owner's own end of a thing, in order: waiting threads come out, the other side is
///   notified, what was committed is still read, memory and descriptors go back; once
/// - *cut off*: let the other side see an end now, while the memory here is still used
/// - *disconnect*: leave a name, to join it again perhaps; *disconnected*: the other side is gone
/// - *disown*: take a thing from its owner: all may use it again
/// - *drop*: let go without a word: a connection; a message, of which the ends are closed
/// - *end*: take no more and give the reason to later calls; a step of a close that never waits
/// - *exit*: a thread goes out of a guard, a turn or a lock
/// - *fail*: end one call, job or wait with an exception
/// - *forget*: take an entry out of a table; *forgotten*: an end that no thread can reach
/// - *give up*: want a thing no more that another still works at
/// - *hang up, hand on, silence*: a socket: close both ways; close here, as another reads on; let
///   nothing in
/// - *kill*: SIGKILL, and in a test what it would leave of an end
/// - *leave*: take part no more in what goes on: a set, a name, a socket that others use
/// - *let go*: drop one of many references; the last one frees the thing
/// - *lose*: close as the process's death would: no word in the ring, sockets say it
/// - *part*: of two that have met by a name, one goes; elsewhere a noun, a piece of something
/// - *refuse, turn away*: say why, and end, what has not been let in
/// - *release*: give back what was held for a while: a lead, a slot, a file
/// - *retire*: take nothing new, finish what is in hand, then go
/// - *stop*: ask a process, a thread or a heartbeat to end, and see to it that it does
/// - *withdraw*: take back what was offered: a registration, a place in a queue
@NullMarked
package dev.ipcchannel.internal.base;

import org.jspecify.annotations.NullMarked;
