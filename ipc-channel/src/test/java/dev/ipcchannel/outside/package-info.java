/// The code of a user who has the library's exported packages and nothing else.
@NullMarked
package dev.ipcchannel.outside;

import org.jspecify.annotations.NullMarked;
