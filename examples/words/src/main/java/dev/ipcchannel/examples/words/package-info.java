/// Counts words in many files, by workers that may be killed meanwhile.
@NullMarked
package dev.ipcchannel.examples.words;

import org.jspecify.annotations.NullMarked;
