package dev.ipcchannel.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.Link;
import dev.ipcchannel.transport.Transport;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Tests of docs/transports.md: its class is one of this module, its coordinates are those of the
/// module, and it names each method that an implementation has to write.
@Timeout(20)
class TransportPageTest {

    private static final Path ROOT = Path.of("..");
    private static final Path TESTS = Path.of("src/test/java/dev/ipcchannel/testkit");

    private static String page() throws IOException {
        return Files.readString(ROOT.resolve("docs/transports.md"));
    }

    private static String block(String language) throws IOException {
        String fence = "```" + language + "\n";
        String page = page();
        int start = page.indexOf(fence) + fence.length();
        return page.substring(start, page.indexOf("```\n", start));
    }

    @Test
    void classOfThePageIsATestThatPasses() throws IOException {
        assertThat(Files.readString(TESTS.resolve("LoopbackTransportIT.java")))
                .isEqualTo(block("java"));
    }

    @Test
    void dependencyOfThePageIsThisModule() throws IOException {
        String pom = Files.readString(Path.of("pom.xml"));

        Stream<String> coordinates = block("xml").lines().map(String::strip)
                .filter(line -> line.matches("<(groupId|version)>.*"));
        assertThat(coordinates).hasSize(2).allSatisfy(line -> assertThat(pom).contains(line));
        assertThat(block("xml")).contains("<artifactId>ipc-channel-testkit</artifactId>",
                "<scope>test</scope>");
        assertThat(pom).contains("<artifactId>ipc-channel-testkit</artifactId>");
    }

    @ParameterizedTest
    @ValueSource(classes = {Transport.class, Transport.Listener.class, Link.class})
    void everyMethodThatHasToBeWrittenIsNamed(Class<?> type) throws IOException {
        String page = page();
        List<String> toWrite = Stream.of(type.getMethods())
                .filter(method -> Modifier.isAbstract(method.getModifiers())).map(Method::getName)
                .distinct().toList();

        assertThat(toWrite).isNotEmpty().allSatisfy(
                name -> assertThat(page).contains("`" + name + "`"));
    }
}
