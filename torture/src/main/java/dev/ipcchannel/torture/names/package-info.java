/// Two storms of processes that connect by name, with an account of every message: members of every
/// kind, and broadcasts.
@NullMarked
package dev.ipcchannel.torture.names;

import org.jspecify.annotations.NullMarked;
