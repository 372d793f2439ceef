/// Steady traffic of every kind at once, while descriptors, mappings, threads, heap and resident
/// memory have to stay as they are.
@NullMarked
package dev.ipcchannel.torture.soak;

import org.jspecify.annotations.NullMarked;
