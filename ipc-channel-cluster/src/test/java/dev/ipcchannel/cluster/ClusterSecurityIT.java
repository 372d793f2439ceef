package dev.ipcchannel.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.Disconnected;
import dev.ipcchannel.HandshakeFailed;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.worker.WorkerSet;
import io.nats.client.NKey;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Servers that let only those in whom they know, and connections that are encrypted.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ClusterSecurityIT {

    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    Path folder;

    private @Nullable NatsServer server;

    private void start(String... arguments) throws Exception {
        server = NatsServer.start(Files.createDirectory(folder.resolve("server")), arguments);
    }

    @AfterEach
    void end() {
        server().close();
    }

    private NatsServer server() {
        return Objects.requireNonNull(server);
    }

    private ClusterOptions options(Consumer<Options.Builder> client) {
        return ClusterOptions.of(server().url()).withClient(client);
    }

    private ClusterWorkers<Deed, String> connect(Consumer<Options.Builder> client)
            throws InterruptedException {
        return ClusterWorkers.connect(options(client), "deeds", TypeToken.of(Deed.class),
                TypeToken.of(String.class));
    }

    /// A job goes to a node and comes back.
    private void assertServes(Consumer<Options.Builder> client) throws Exception {
        try (ClusterNode _ = ClusterNode.start(options(client), "deeds", TypeToken.of(Deed.class),
                TypeToken.of(String.class), WorkerSet.builder(Deed.class, String.class)
                        .worker(DeedWorker.class).workerCount(1));
                ClusterWorkers<Deed, String> workers = connect(client)) {
            assertThat(workers.call(new Deed.Shout("let in"))).isEqualTo("LET IN");
        }
    }

    /// The client waits for its whole connection timeout when it is refused.
    private void assertRefuses(Consumer<Options.Builder> client) {
        assertThatThrownBy(() -> connect(client.andThen(
                builder -> builder.connectionTimeout(Duration.ofSeconds(1)))))
                .isInstanceOf(HandshakeFailed.class)
                .hasMessageContaining("refuse this user: url=" + server().url())
                .hasMessageContaining("ClusterOptions.withClient");
    }

    private void assertDoesNotAgreeOnTls(Consumer<Options.Builder> client, String reason) {
        assertThatThrownBy(() -> connect(client)).isInstanceOf(HandshakeFailed.class)
                .hasMessageContaining("TLS: url=" + server().url()).hasMessageContaining(reason)
                .hasMessageContaining("sslContext");
    }

    @Test
    void userWithAPasswordIsLetIn() throws Exception {
        start("--user", "jobs", "--pass", "right");

        assertServes(client -> client.userInfo("jobs", "right"));
        assertRefuses(client -> client.userInfo("jobs", "wrong"));
        assertRefuses(client -> {});
    }

    @Test
    void tokenIsLetIn() throws Exception {
        start("--auth", "right");

        assertServes(client -> client.token("right".toCharArray()));
        assertRefuses(client -> client.token("wrong".toCharArray()));
    }

    @Test
    void keyFromAFileIsLetIn() throws Exception {
        NKey key = NKey.createUser(new SecureRandom());
        Path settings = folder.resolve("server.conf");
        var _ = Files.writeString(settings, "authorization { users = [ { nkey: %s } ] }\n"
                .formatted(String.valueOf(key.getPublicKey())));
        start("--config", settings.toString());

        Path right = seed("right", key);
        Path wrong = seed("wrong", NKey.createUser(new SecureRandom()));
        assertServes(client -> client.authHandler(Nats.credentials(null, right.toString())));
        assertRefuses(client -> client.authHandler(Nats.credentials(null, wrong.toString())));
        String missing = folder.resolve("missing").toString();
        assertThatThrownBy(
                () -> connect(client -> client.authHandler(Nats.credentials(null, missing))))
                .isInstanceOf(HandshakeFailed.class).hasMessageContaining("file=" + missing);
    }

    private Path seed(String name, NKey key) throws IOException {
        return Files.writeString(folder.resolve(name), String.valueOf(key.getSeed()));
    }

    @Test
    void serverWithACertificateIsTrustedByThoseThatKnowIt() throws Exception {
        Certificate known = certificate("known");
        Certificate other = certificate("other");
        start("--tls", "--tlscert", known.file().toString(), "--tlskey", known.key().toString());

        assertServes(client -> client.sslContext(known.context()));
        assertDoesNotAgreeOnTls(client -> client.sslContext(other.context()), "certif");
        assertDoesNotAgreeOnTls(client -> {}, "required by server");
    }

    @Test
    void serverMayWantTheCertificateOfThoseThatConnect() throws Exception {
        Certificate known = certificate("known");
        Certificate other = certificate("other");
        start("--tlsverify", "--tlscert", known.file().toString(), "--tlskey",
                known.key().toString(), "--tlscacert", known.file().toString());

        assertServes(client -> client.sslContext(known.context()));
        assertThatThrownBy(() -> connect(client -> client.sslContext(other.contextTrusting(known))))
                .isInstanceOfAny(HandshakeFailed.class, Disconnected.class)
                .hasMessageContaining(server().url());
    }

    @Test
    void serverWithoutTlsIsRefusedByOneThatWantsIt() throws Exception {
        start();

        assertDoesNotAgreeOnTls(client -> client.sslContext(certificate("known").context()),
                "wanted by client");
    }

    /// A certificate of this machine's loopback address that signs itself.
    ///
    /// @param store with the certificate and the key, for Java
    private record Certificate(Path file, Path key, Path store) {

        SSLContext context() {
            return contextTrusting(this);
        }

        SSLContext contextTrusting(Certificate other) {
            try (InputStream mine = Files.newInputStream(store);
                    InputStream theirs = Files.newInputStream(other.file)) {
                KeyStore keys = KeyStore.getInstance("PKCS12");
                keys.load(mine, PASSWORD);
                KeyManagerFactory own =
                        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
                own.init(keys, PASSWORD);
                KeyStore trusted = KeyStore.getInstance("PKCS12");
                trusted.load(null, null);
                trusted.setCertificateEntry("server",
                        CertificateFactory.getInstance("X.509").generateCertificate(theirs));
                TrustManagerFactory trust =
                        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
                trust.init(trusted);
                SSLContext context = SSLContext.getInstance("TLS");
                context.init(own.getKeyManagers(), trust.getTrustManagers(), null);
                return context;
            } catch (IOException | GeneralSecurityException failure) {
                throw new IllegalStateException(failure);
            }
        }
    }

    private Certificate certificate(String name) {
        Path file = folder.resolve(name + ".pem");
        Path key = folder.resolve(name + ".key");
        Path store = folder.resolve(name + ".p12");
        run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                "-nodes", "-days", "2", "-subj", "/CN=" + name, "-addext",
                "subjectAltName=IP:127.0.0.1", "-keyout", key.toString(), "-out", file.toString());
        run("openssl", "pkcs12", "-export", "-in", file.toString(), "-inkey", key.toString(),
                "-passout", "pass:" + String.valueOf(PASSWORD), "-out", store.toString());
        return new Certificate(file, key, store);
    }

    private void run(String... command) {
        try {
            Path log = folder.resolve("openssl.log");
            int code = new ProcessBuilder(List.of(command)).redirectErrorStream(true)
                    .redirectOutput(log.toFile()).start().waitFor();
            assertThat(code).as(() -> "openssl: " + log).isZero();
        } catch (IOException | InterruptedException failure) {
            throw new IllegalStateException(failure);
        }
    }
}
