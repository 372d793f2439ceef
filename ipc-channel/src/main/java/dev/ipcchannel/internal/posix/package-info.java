/// The kernel, and the only package that links native functions.
///
/// Every function is called through one shape (see [Native]), with the memory that a call needs
/// borrowed as a [Frame]. A failed call is a [PosixException]; what a caller must expect in
/// ordinary life (nothing there yet, the peer is gone) is an answer.
@NullMarked
package dev.ipcchannel.internal.posix;

import org.jspecify.annotations.NullMarked;
