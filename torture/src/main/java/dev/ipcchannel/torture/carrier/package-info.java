/// All virtual threads of a process on one carrier, with every method of an end, those that wait
/// and those that do not, at once.
@NullMarked
package dev.ipcchannel.torture.carrier;

import org.jspecify.annotations.NullMarked;
