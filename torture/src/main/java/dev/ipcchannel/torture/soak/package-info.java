/// Steady traffic of every kind at once, during which descriptors, mappings, threads, heap and
/// resident memory must not grow.
@NullMarked
package dev.ipcchannel.torture.soak;

import org.jspecify.annotations.NullMarked;
