/// The meeting of processes by a name: a directory of entries, each locked by the process that is
/// there, and the connections between the members of a name.
///
/// Used by `named` and `internal.presence`; uses `internal.codec`, `internal.posix`,
/// `internal.wait` and `internal.wire`. Start with [RuntimeDirectory] and [Member].
///
/// - [RuntimeDirectory], [NameFolder], [NameKind], [NameList]: where a user's processes meet; a
///   name's folder; the kinds of names; all that are open
/// - [NameLock], [Conflicts], [TurnedAway]: a name, locked by a newcomer; why the entries there
///   refuse it; what those who wait for it hear of that
/// - [Entry], [Found], [OwnEntry], [Registration], [EntryWatch]: what a member says of itself; one
///   that lives; one of this process; it with its socket; the notice of those that were removed
/// - [Member], [Role]: an end of this process that has a name open; what it gives and takes
/// - [Approach], [Way], [Unmet]: the way to those that were there; to one; why not
/// - [Listener], [MeetingThread]: where those that come find a member; the thread that accepts
/// - [Counterpart], [Connection], [Connections], [Counterparts]: one that was met, over a socket;
///   all of them; what the role has made of each
/// - [PendingNotice]: a word to another member for which there is no room yet
/// - [MembershipEvents]: their coming and going, as users' actions see it
/// - [MeetingException]: why a name could not be opened
@NullMarked
package dev.ipcchannel.internal.meet;

import org.jspecify.annotations.NullMarked;
