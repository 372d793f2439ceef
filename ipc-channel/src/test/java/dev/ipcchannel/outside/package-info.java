/// What a user writes who has the library's exported packages and nothing else.
@NullMarked
package dev.ipcchannel.outside;

import org.jspecify.annotations.NullMarked;
