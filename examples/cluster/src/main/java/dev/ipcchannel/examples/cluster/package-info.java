/// Two programs that count the words of many files over a cluster: a node, of which each machine
/// runs one, and a program that asks the nodes and accounts for every file.
@NullMarked
package dev.ipcchannel.examples.cluster;

import org.jspecify.annotations.NullMarked;
