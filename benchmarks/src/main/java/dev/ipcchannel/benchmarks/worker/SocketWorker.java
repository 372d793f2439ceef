package dev.ipcchannel.benchmarks.worker;

import dev.ipcchannel.Codec;
import dev.ipcchannel.benchmarks.worker.JobMessage.Add;
import java.io.EOFException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;

/// The main class of a child that adds, by a Unix socket of the JDK's: what a worker's messages
/// cost by such a socket at least.
public final class SocketWorker {

    private SocketWorker() {}

    /// Adds until the parent is gone.
    ///
    /// @param arguments the socket's path
    public static void main(String[] arguments) throws IOException {
        Codec<JobMessage> jobs = Codec.of(JobMessage.class);
        Codec<Integer> answers = Codec.of(Integer.class);
        try (SocketFrames parent = new SocketFrames(
                SocketChannel.open(UnixDomainSocketAddress.of(arguments[0])))) {
            while (true) {
                if (!(jobs.fromBytes(parent.read()) instanceof Add(int a, int b))) {
                    throw new IllegalStateException("this child does nothing but add");
                }
                parent.write(answers.toBytes(a + b));
            }
        } catch (EOFException end) {
            // The parent wants no more.
        }
    }
}
