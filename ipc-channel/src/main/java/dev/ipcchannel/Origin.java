package dev.ipcchannel;

/// What the ends of one channel have in common as long as they stay in the process that made it: a
/// thing to compare by identity. An end that has travelled gets an origin of its own.
final class Origin {}
