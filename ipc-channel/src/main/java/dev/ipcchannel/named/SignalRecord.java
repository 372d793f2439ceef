package dev.ipcchannel.named;

/// Signals of one kind, as they go to one listener.
///
/// @param id which signal it is
/// @param count how often it was given, at least once
record SignalRecord(int id, long count) {}
