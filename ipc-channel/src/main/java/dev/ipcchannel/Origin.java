package dev.ipcchannel;

/// The common mark of the ends of one channel, as long as they stay in the process that made it: a
/// thing to compare by identity. An end that has travelled gets an origin of its own.
final class Origin {}
