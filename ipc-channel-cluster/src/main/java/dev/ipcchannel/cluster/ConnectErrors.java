package dev.ipcchannel.cluster;

import dev.ipcchannel.Disconnected;
import dev.ipcchannel.HandshakeFailed;
import dev.ipcchannel.IpcException;
import io.nats.client.Connection;
import io.nats.client.ErrorListener;
import java.nio.file.FileSystemException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// The client's reports of why it cannot connect, which its own exception leaves out. Later
/// failures come where they are met.
final class ConnectErrors implements ErrorListener {

    private static final int DEEPEST = 10;

    private volatile @Nullable Throwable last;

    @Override
    public void exceptionOccurred(Connection connection, Exception failure) {
        if (connection.getStatus() != Connection.Status.CONNECTED) {
            last = root(failure);
        }
    }

    private static Throwable root(Throwable failure) {
        Throwable root = failure;
        for (int depth = 0; depth < DEEPEST && root.getCause() != null; depth++) {
            if (root instanceof SSLException) {
                return root;
            }
            root = root.getCause();
        }
        return root;
    }

    /// The failure to connect, in a sentence.
    ///
    /// @param failure of the client
    IpcException failure(String url, Exception failure) {
        Throwable cause = last;
        String reason = Engine.shown(cause == null || cause.getMessage() == null
                ? failure.getMessage() : cause.getMessage());
        if (cause != null && isAboutTls(cause)) {
            return new HandshakeFailed(("the servers of the cluster and this process do not agree"
                    + " on TLS: url=%s: %s: give ClusterOptions.withClient an sslContext that"
                    + " trusts the servers' certificate, if they have TLS, and none if not")
                    .formatted(Engine.shown(url), reason), cause);
        }
        if (cause instanceof FileSystemException unreadable) {
            return new HandshakeFailed(
                    ("a file of ClusterOptions.withClient cannot be read: url=%s,"
                            + " file=%s: name one with the credentials")
                            .formatted(Engine.shown(url),
                                    unreadable.getFile()),
                    cause);
        }
        return new Disconnected(("no server of the cluster can be reached: url=%s: %s: start one"
                + " (nats-server -js), or correct the URL").formatted(Engine.shown(url), reason),
                failure);
    }

    /// The client says in words which of the two sides has no TLS.
    private static boolean isAboutTls(Throwable cause) {
        String message = cause.getMessage();
        return cause instanceof SSLException || (message != null
                && (message.contains("SSL required") || message.contains("SSL connection wanted")));
    }

    @Override
    public String toString() {
        return "ConnectErrors[last=%s]".formatted(last);
    }
}
