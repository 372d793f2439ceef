/// The ground floor, which every room may use, and which uses only the JDK.
///
/// Used by every room; uses none. Start with [Deadline] and [Argument].
///
/// - [Deadline], [ShownTime]: a moment at which waiting ends; the text of a time for people
/// - [Argument], [OwnPackages], [Printable]: the check of a user's argument; the packages of the
///   library; the filter for foreign text in a sentence
/// - [Log], [Repetition]: the JDK's log, which no event fills; the count of one event
/// - [SharedThread], [MadeOnce]: a thread that works for many ends, and waits for none; a thing of
///   the process that is made at its first use
/// - [Ticks], [Watchdog], [Relay]: the thread for tasks that are due; looks after threads in a
///   user's code; threads that take the place of one that such code keeps
/// - [GenericType]: a class with type arguments
/// - [WorkFuture]: a future of work that goes on elsewhere, which completing it by hand gives up
/// - [TimedQuery]: a question that the kernel may take long to answer, on a thread of its own
/// - [AllSteps], [DeepLock]: the steps of an end, each of which is taken; a lock safe from stack
///   overflow
/// - [ExitFiles]: the files that this process's exit removes, after the shutdown hooks
/// - [Lifeline], [Lifelines], [GoAway]: the connection of two processes as long as both live; all
///   those of this process; the notice on it that one of them is about to end
/// - [Headers], [RunOnce]: names with values that travel with a question; what a user's code has to
///   run
/// - [Marks]: two numbers, one of each side, which the other side can read
/// - [Refusal]: the reason why a connected process is refused
///
/// The verbs that end things, as all rooms use them:
///
/// - *abandon*: let go of an end that goes on in another process; of a call: give it up
/// - *abort*: give a claim up; its room becomes free
/// - *cancel*: notify the other side that an answer is not wanted any more
/// - *close*: the owner's orderly end of a thing: waiting threads return, the other side is
///   notified, committed messages are still read, memory and descriptors are freed; it happens once
/// - *cut off*: show the other side an end now, while the memory here is still used
/// - *disconnect*: leave a name, perhaps to join it again; of two that have met by a name: end
///   their connection; *disconnected*: the other side is gone
/// - *disown*: take a thing from its owner: all may use it again
/// - *drop*: let go without notice: a connection; or a message, whose ends are closed
/// - *end*: take no more and give the reason to later calls; a step of a close that never waits
/// - *exit*: of a thread: leave a guard, a turn or a lock
/// - *fail*: end one call, job or wait with an exception
/// - *forget*: remove an entry from a table; *forgotten*: an end that no thread can reach
/// - *give up*: stop wanting a thing that another party still works at
/// - *hang up, hand on, silence*: of a socket: close both ways; close here, while another process
///   reads on; let nothing more in
/// - *kill*: send SIGKILL; in a test: leave an end as SIGKILL would
/// - *leave*: stop taking part in something that goes on: a set, a name, a socket that others use
/// - *let go*: drop one of many references; the last one frees the thing
/// - *lose*: close as the process's death would: no word in the ring, only the sockets end
/// - *refuse, turn away*: send the reason to a process that was not admitted, and end its
///   connection
/// - *release*: give back a thing that was held for a while: a lead, a slot, a file
/// - *retire*: take nothing new, finish the present work, then go
/// - *stop*: ask a process, a thread or a heartbeat to end, and ensure that it does
/// - *withdraw*: take back an offer: a registration, a place in a queue
@NullMarked
package dev.ipcchannel.internal.base;

import org.jspecify.annotations.NullMarked;
