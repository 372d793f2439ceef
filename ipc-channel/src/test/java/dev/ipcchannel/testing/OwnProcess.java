package dev.ipcchannel.testing;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.CountDownLatch;

/// The test's own process in the role of a started child that connects from here. After the close
/// it counts as ended without an error.
public final class OwnProcess extends Process implements AutoCloseable {

    private final CountDownLatch end = new CountDownLatch(1);

    @Override
    public long pid() {
        return toHandle().pid();
    }

    @Override
    public ProcessHandle toHandle() {
        return ProcessHandle.current();
    }

    @Override
    public boolean isAlive() {
        return end.getCount() > 0;
    }

    @Override
    public int waitFor() throws InterruptedException {
        end.await();
        return 0;
    }

    @Override
    public int exitValue() {
        if (isAlive()) {
            throw new IllegalThreadStateException("it lives: pid=" + pid());
        }
        return 0;
    }

    @Override
    public void destroy() {
        close();
    }

    @Override
    public void close() {
        end.countDown();
    }

    @Override
    public OutputStream getOutputStream() {
        return OutputStream.nullOutputStream();
    }

    @Override
    public InputStream getInputStream() {
        return InputStream.nullInputStream();
    }

    @Override
    public InputStream getErrorStream() {
        return InputStream.nullInputStream();
    }
}
