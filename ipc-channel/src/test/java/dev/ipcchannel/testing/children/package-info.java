/// Small programs that tests start in JVMs of their own, one behaviour or one fault each. The first
/// argument is the name of the server to connect to; the end of standard input is the cue.
@NullMarked
package dev.ipcchannel.testing.children;

import org.jspecify.annotations.NullMarked;
