/// Tests for transports of your own, by which processes reach each other: extend
/// [dev.ipcchannel.testkit.TransportContract].
@NullMarked
package dev.ipcchannel.testkit;

import org.jspecify.annotations.NullMarked;
