/// Races for the lock-free parts of ipc-channel, run by jcstress.
///
/// [dev.ipcchannel.stress.Stress] is the main class. The cases are in the packages of the types
/// that they test, which they can access: `GuardStress`, `TurnStress`, `LeadershipStress`,
/// `QuestionStress`, `AnswerStress`, `SetEntryStress`.
@NullMarked
package dev.ipcchannel.stress;

import org.jspecify.annotations.NullMarked;
