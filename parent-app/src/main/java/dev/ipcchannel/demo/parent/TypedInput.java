package dev.ipcchannel.demo.parent;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// Standard input that remains ended once it has ended. A terminal continues after Ctrl-D, and
/// would need a second Ctrl-D if the first one ended a line.
final class TypedInput extends FilterInputStream {

    private boolean hasEnded;

    TypedInput(InputStream input) {
        super(input);
    }

    @Override
    public int read() throws IOException {
        int read = hasEnded ? -1 : super.read();
        hasEnded = read < 0;
        return read;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int read = hasEnded ? -1 : super.read(bytes, offset, length);
        hasEnded = read < 0;
        return read;
    }
}
