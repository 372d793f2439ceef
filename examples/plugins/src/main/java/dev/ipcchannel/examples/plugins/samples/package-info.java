/// A plugin that works, and the plugins that a host has to survive.
@NullMarked
package dev.ipcchannel.examples.plugins.samples;

import org.jspecify.annotations.NullMarked;
