/// Tests that the library's own transports, and one written for these tests, keep the promises of a
/// transport.
@NullMarked
package dev.ipcchannel.testkit;

import org.jspecify.annotations.NullMarked;
