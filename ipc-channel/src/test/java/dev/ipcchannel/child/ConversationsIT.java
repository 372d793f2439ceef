package dev.ipcchannel.child;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.TypeMismatch;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.children.ConversingChild;
import dev.ipcchannel.transport.Transport;
import dev.ipcchannel.worker.WorkerSet;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Children that begin another conversation than their parent, or one of other types: both sides
/// report the same, and then the child is gone.
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ConversationsIT {

    private static final String REFUSED = "the parent has refused this child: ";

    private static final String SET = "a WorkerSet";
    private static final String CALLER = "ChildJvm.startCaller";
    private static final String START = "ChildJvm.start";

    private static final String WORKER = "Worker.serve or Worker.connect";
    private static final String RESPONDER = "ChildJvm.responder";
    private static final String PARENT = "ChildJvm.parent";

    @RegisterExtension
    final Children children = new Children();

    @ParameterizedTest
    @CsvSource({"shm, set, parent", "shm, set, responder", "shm, caller, worker",
        "shm, caller, parent", "shm, start, worker", "shm, start, responder",
        "unix, set, parent", "unix, set, responder", "unix, caller, worker",
        "unix, caller, parent", "unix, start, worker", "unix, start, responder"})
    void bothSidesSayWhatWasExpectedAndWhatWasBegun(String transport, String parent, String child)
            throws Exception {
        Path errors = children.directory().resolve("errors");
        String by = switch (parent) {
            case "set" -> SET;
            case "caller" -> CALLER;
            default -> START;
        };
        String instead = expected(child);
        String sentence = "the child was started by " + by + " and has called " + instead
                + ": have it call " + expected(parent) + ", or start it by " + starter(child);

        assertThatThrownBy(() -> start(transport, parent, child, errors, String.class))
                .isInstanceOf(TypeMismatch.class)
                .hasMessageMatching("the child has begun another conversation than this program:"
                        + " child=" + ConversingChild.class.getName() + " " + child
                        + ", pid=\\d+: " + sentence);
        assertThat(Files.readAllLines(errors)).singleElement().asString().startsWith(
                TypeMismatch.class.getName() + ": " + REFUSED + sentence);
        assertThat(ProcessHandle.current().children()).isEmpty();
    }

    private static String expected(String side) {
        return switch (side) {
            case "set", "worker" -> WORKER;
            case "caller", "responder" -> RESPONDER;
            default -> PARENT;
        };
    }

    private static String starter(String child) {
        return switch (child) {
            case "worker" -> SET;
            case "responder" -> CALLER;
            default -> START;
        };
    }

    @ParameterizedTest
    @CsvSource({"shm, set, worker, jobs, jobs", "shm, caller, responder, questions, questions",
        "shm, start, parent, messages, messages", "unix, set, worker, jobs, jobs",
        "unix, caller, responder, questions, questions",
        "unix, start, parent, messages, messages"})
    void bothSidesSayWhichTypesDiffer(String transport, String parent, String child, String what,
            String whatThere) throws Exception {
        Path errors = children.directory().resolve("errors");

        assertThatThrownBy(() -> start(transport, parent, child, errors, Integer.class))
                .isInstanceOf(TypeMismatch.class)
                .hasMessageContaining("the child means other types than this program: child="
                        + ConversingChild.class.getName() + " " + child)
                .hasMessageContaining(": " + what + ": Integer here, String in the ");
        assertThat(Files.readAllLines(errors)).singleElement().asString()
                .startsWith(TypeMismatch.class.getName() + ": " + REFUSED
                        + whatThere + ": String here, Integer in the parent: give both sides the"
                        + " same one");
        assertThat(ProcessHandle.current().children()).isEmpty();
    }

    private static <T> void start(String transport, String parent, String child, Path errors,
            Class<T> type) throws InterruptedException {
        ChildJvm start = ChildJvm.of(ConversingChild.class).arguments(child)
                .errors(Output.toFile(errors)).grace(Children.PATIENCE)
                .startTimeout(Children.PATIENCE)
                .transport(transport.equals("shm") ? Transport.shm() : Transport.unix());
        try (AutoCloseable _ = switch (parent) {
            case "set" -> WorkerSet.builder(type, type).worker(start).workerCount(1).start();
            case "caller" -> start.startCaller(type, type);
            default -> start.start(type, type);
        }) {
            throw new AssertionError("they talk with each other");
        } catch (InterruptedException | RuntimeException failure) {
            throw failure;
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }
}
