package dev.ipcchannel.demo.parent;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// Input that has ended when it has ended once: a terminal goes on after Ctrl-D, and would want it
/// a second time after a line that it has ended.
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
