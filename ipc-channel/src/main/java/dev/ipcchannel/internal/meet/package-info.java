/// The meeting of processes by a name: a directory of entries, each locked by its process, and the
/// connections between the members of a name.
///
/// Used by `named` and `internal.presence`; uses `internal.codec`, `internal.posix`,
/// `internal.wait` and `internal.wire`. Start with [RuntimeDirectory] and [Member].
///
/// - [RuntimeDirectory], [NameFolder], [NameKind], [NameList]: the directory in which a user's
///   processes meet; a name's folder; the kinds of names; the list of all open names
/// - [NameLock], [Conflicts], [TurnedAway]: a name, locked by a newcomer; the reasons to refuse it;
///   the notification of members that wait for it
/// - [Entry], [Found], [OwnEntry], [Registration], [EntryWatch]: the text about a member; a living
///   member; an entry of this process; an entry with its socket; the watch for their removal
/// - [Member], [Role]: an end of this process that has a name open; its behaviour
/// - [Approach], [Way], [Unmet]: the tries to meet others; the way to one; the reasons of failures
/// - [Listener], [MeetingThread]: the socket on which a member is found; the thread that accepts
/// - [Counterpart], [Connection], [Connections], [Counterparts]: a member that was met; its socket;
///   all of a member; the role's object for each
/// - [PendingNotice]: a notice to another member for which there is no room yet
/// - [MembershipEvents]: the events of joining and leaving, for users' actions
/// - [MeetingException]: the reason why a name could not be opened
@NullMarked
package dev.ipcchannel.internal.meet;

import org.jspecify.annotations.NullMarked;
