/// The ground that every room may stand on. Stands on nothing but the JDK.
@NullMarked
package dev.ipcchannel.internal.base;

import org.jspecify.annotations.NullMarked;
