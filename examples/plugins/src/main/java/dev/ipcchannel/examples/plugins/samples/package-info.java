/// A plugin that works, and all those that a host has to survive.
@NullMarked
package dev.ipcchannel.examples.plugins.samples;

import org.jspecify.annotations.NullMarked;
