package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// The status codes and texts are libipc's, and each kind of failure has one, as the page says.
@Timeout(60)
class IpcStatusTest {

    private static final String PAGE = "docs/broadcast.md";

    static List<IpcException> failures() {
        return List.of(new CallFailed("", "", List.of()), new ChildFailed(""), new CodecFailed(""),
                new Disconnected(""), new EndClosed(""), new HandshakeFailed(""),
                new MessageTooLarge(""), new NoReceiver(""), new NodeUnreachable("", true),
                new ProtocolViolation(""), new ResourceExhausted(""), new SystemCallFailed(""),
                new TimedOut(""),
                new TypeMismatch(""), new UnsupportedPlatform(""),
                new WorkerDied("", false, null, null), new WorkersBusy(""));
    }

    @ParameterizedTest
    @CsvSource({"SUCCESS, 0, Success", "INVALID_ARGUMENT, -1, Invalid argument",
        "CONNECTION_FAILED, -2, Connection failed", "SEND_FAILED, -3, Send failed",
        "RECEIVE_FAILED, -4, Receive failed", "TIMEOUT, -5, Timeout", "MEMORY, -6, Memory error"})
    void codesAndTextsAreThoseOfLibipc(IpcStatus status, int code, String text) {
        assertThat(status.code()).isEqualTo(code);
        assertThat(status.text()).isEqualTo(text);
        assertThat(IpcStatus.text(code)).isEqualTo(text);
    }

    @Test
    void thereAreNoOtherCodes() {
        assertThat(IpcStatus.values()).hasSize(7);
        assertThat(IpcStatus.text(-7)).isEqualTo("Unknown error (-7)");
        assertThat(IpcStatus.text(1)).isEqualTo("Unknown error (1)");
    }

    @Test
    void everyKindOfFailureIsAmongThoseThatAreTried() {
        assertThat(failures().stream().<Class<?>>map(Object::getClass))
                .containsExactlyInAnyOrder(IpcException.class.getPermittedSubclasses());
    }

    @ParameterizedTest
    @MethodSource("failures")
    void thePageShowsTheStatusOfEachKind(IpcException failure) throws Exception {
        assertThat(shown()).containsEntry(failure.getClass().getSimpleName(),
                failure.status().name());
    }

    @Test
    void thePageShowsNoOtherKinds() throws Exception {
        assertThat(shown()).hasSameSizeAs(failures());
    }

    /// The kinds that the page has in a row that begins with a status.
    private static Map<String, String> shown() throws Exception {
        Map<String, String> shown = new HashMap<>();
        for (String line : Files.readString(page()).split("\n", -1)) {
            for (IpcStatus status : IpcStatus.values()) {
                String start = "| `%s` | %d | %s |".formatted(status.name(), status.code(),
                        status.text());
                if (line.startsWith(start)) {
                    Pattern.compile("`(\\w+)`").matcher(line.substring(start.length())).results()
                            .filter(kind -> isKind(kind.group(1)))
                            .forEach(kind -> shown.put(kind.group(1), status.name()));
                }
            }
        }
        return shown;
    }

    private static boolean isKind(String name) {
        return Arrays.stream(IpcException.class.getPermittedSubclasses())
                .anyMatch(kind -> kind.getSimpleName().equals(name));
    }

    private static Path page() {
        return Stream.iterate(Path.of("").toAbsolutePath(), Objects::nonNull, Path::getParent)
                .map(directory -> directory.resolve(PAGE)).filter(Files::exists).findFirst()
                .orElseThrow();
    }
}
