package dev.ipcchannel.demo;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import dev.ipcchannel.Channel;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.common.ComponentLoader;
import io.opentelemetry.context.Context;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/// The examples of a page as programs: each in a class of its name, compiled as a reader would
/// compile it.
final class ExamplePrograms {

    /// The types at the start of an example, down to the first empty line.
    private static final Pattern TYPES_FIRST =
            Pattern.compile("((?:record|sealed|enum) .*?\\n)\\n(.*)", Pattern.DOTALL);

    private static final List<Path> LIBRARY = List.of(home(Channel.class), home(Gson.class),
            home(Span.class), home(Context.class), home(ComponentLoader.class));

    private final Page page;
    private final Path directory;

    /// @param directory for the sources and the classes
    ExamplePrograms(Page page, Path directory) {
        this.page = page;
        this.directory = directory;
    }

    /// Compiles an example.
    ///
    /// @param beside other examples to have on its class path
    /// @return the command that runs it
    List<String> command(String name, String... beside) throws IOException {
        List<Path> classes = new ArrayList<>(List.of(compile(name)));
        for (String other : beside) {
            classes.add(compile(other));
        }
        return List.of(Apps.JAVA, "--enable-native-access=ALL-UNNAMED", "-cp",
                classPath(classes), name);
    }

    private Path compile(String name) throws IOException {
        Path source = Files.writeString(directory.resolve(name + ".java"), source(name));
        List<String> sources = new ArrayList<>(List.of(source.toString()));
        for (String file : page.classFiles()) {
            Path beside = Files.createDirectories(directory.resolve("beside")).resolve(file);
            sources.add(Files.writeString(beside, page.block(Page.FILE + file)).toString());
        }
        Path classes = Files.createDirectory(directory.resolve(name));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        ByteArrayOutputStream messages = new ByteArrayOutputStream();
        List<String> arguments = new ArrayList<>(List.of("-d", classes.toString(), "-cp",
                classPath(List.of(classes)), "-proc:none", "-Xlint:all,-classfile", "-Werror"));
        arguments.addAll(sources);
        int result =
                compiler.run(null, messages, messages, arguments.toArray(String[]::new));
        assertThat(result).as("the example %s compiles: %s", name,
                messages.toString(StandardCharsets.UTF_8)).isZero();
        return classes;
    }

    /// The code of the page if that is a whole class; else a class around it.
    private String source(String name) {
        String text = page.block(Page.EXAMPLE + name);
        if (text.contains("\nclass " + name + " ")) {
            return text;
        }
        Matcher typesFirst = TYPES_FIRST.matcher(text);
        boolean hasTypes = typesFirst.matches();
        return """
                %s

                class %s {

                    static final String java = "%s";

                    %s
                    %s

                    public static void main(String[] args) throws Exception {
                        %s
                    }
                }
                """.formatted(page.proseCode("import"), name, Apps.JAVA,
                page.proseCode("record"), hasTypes ? typesFirst.group(1) : "",
                hasTypes ? typesFirst.group(2) : text);
    }

    private static String classPath(List<Path> classes) {
        return Stream.concat(classes.stream(), LIBRARY.stream()).map(Path::toString)
                .collect(joining(File.pathSeparator));
    }

    /// The folder or jar that a class is from.
    private static Path home(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
