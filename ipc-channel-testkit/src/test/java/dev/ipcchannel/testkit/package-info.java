/// The library's own transports, and one of these tests, keep the promises of a transport.
@NullMarked
package dev.ipcchannel.testkit;

import org.jspecify.annotations.NullMarked;
