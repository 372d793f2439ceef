/// All virtual threads of a process on one carrier, with every verb and every question about an end
/// at once.
@NullMarked
package dev.ipcchannel.torture.carrier;

import org.jspecify.annotations.NullMarked;
