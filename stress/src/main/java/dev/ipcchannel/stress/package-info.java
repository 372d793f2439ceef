/// Races for the lock-free parts of ipc-channel, run by jcstress.
///
/// [dev.ipcchannel.stress.Stress] is the main class. The cases stand in the packages of what they
/// test, whose types they see: `GuardStress`, `TurnStress`, `LeadStress`, `QuestionStress`,
/// `AnswerStress`, `SetEntryStress`.
@NullMarked
package dev.ipcchannel.stress;

import org.jspecify.annotations.NullMarked;
