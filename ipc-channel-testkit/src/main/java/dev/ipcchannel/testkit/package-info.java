/// Tests for ways of one's own on which processes reach each other: extend
/// [dev.ipcchannel.testkit.TransportContract].
@NullMarked
package dev.ipcchannel.testkit;

import org.jspecify.annotations.NullMarked;
