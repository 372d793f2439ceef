/// A host that has sums done by four workers.
@NullMarked
package dev.ipcchannel.examples.host;

import org.jspecify.annotations.NullMarked;
