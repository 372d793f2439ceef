/// A program that counts the words of many files, by workers that may be killed during the run.
@NullMarked
package dev.ipcchannel.examples.words;

import org.jspecify.annotations.NullMarked;
