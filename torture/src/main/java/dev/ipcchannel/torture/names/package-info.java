/// A storm of processes that meet by name, with an account of every message.
@NullMarked
package dev.ipcchannel.torture.names;

import org.jspecify.annotations.NullMarked;
