/**
 * What a program that needs Java 25 puts first, so that it starts under any java.
 *
 * <p>Unlike the rest of the project it is compiled for Java 8, and has no null annotations: javac
 * warns about those of JSpecify when it compiles for 8.
 */
package dev.ipcchannel.launcher;
