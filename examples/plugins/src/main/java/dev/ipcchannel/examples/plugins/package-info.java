/// A host that survives its plugins: each runs in a process that may die of the plugin.
@NullMarked
package dev.ipcchannel.examples.plugins;

import org.jspecify.annotations.NullMarked;
