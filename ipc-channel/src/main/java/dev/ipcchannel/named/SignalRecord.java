package dev.ipcchannel.named;

/// A message to a listener: signals of one id.
///
/// @param id the id of the signal
/// @param count how often the signal was given, at least once
record SignalRecord(int id, long count) {}
