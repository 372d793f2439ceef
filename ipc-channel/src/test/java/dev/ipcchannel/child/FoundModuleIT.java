package dev.ipcchannel.child;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.testing.Children;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// Children that find a class of a module, wherever the parent has the module from, with the same
/// access.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FoundModuleIT {

    private static final String MODULE = "module echo { requires dev.ipcchannel; }";

    /// A program on the class path that runs `echo` in a module layer of its own.
    private static final String LAYERING = """
            import java.lang.module.ModuleFinder;
            import java.nio.file.Path;
            import java.util.List;
            import java.util.Set;
            import java.util.stream.Stream;

            public class Layering {
                public static void main(String[] words) throws Exception {
                    ModuleFinder finder = ModuleFinder.of(Stream.of(words).map(Path::of)
                            .toArray(Path[]::new));
                    ModuleLayer boot = ModuleLayer.boot();
                    var layer = ModuleLayer.defineModulesWithOneLoader(
                            boot.configuration().resolve(finder, ModuleFinder.of(), Set.of("echo")),
                            List.of(boot), ClassLoader.getSystemClassLoader());
                    Module library = layer.layer().findModule("dev.ipcchannel").orElseThrow();
                    layer.enableNativeAccess(library);
                    Module echo = layer.layer().findModule("echo").orElseThrow();
                    layer.addExports(echo, "echo", Layering.class.getModule());
                    Class.forName(echo, "echo.Echo").getMethod("main", String[].class)
                            .invoke(null, (Object) words);
                }
            }
            """;

    /// A patch, as a test is to its module: in a package that the module does not open, with a
    /// record for the codec and a class of the class path.
    private static final String PATCH = """
            package echo;

            import dev.ipcchannel.child.ChildJvm;
            import java.nio.file.Path;

            public class Patch {
                record Word(String text) {}

                public static void main(String[] arguments) throws Exception {
                    if (ChildJvm.isChild()) {
                        try (var parent = ChildJvm.parent(String.class, Word.class)) {
                            parent.send(tools.Tool.answer(parent.receive().text()));
                        }
                        return;
                    }
                    var echo = ChildJvm.of(Patch.class).directory(Path.of("/"));
                    try (var child = echo.start(Word.class, String.class)) {
                        child.send(new Word("hello"));
                        System.out.println(child.receive());
                    }
                }
            }
            """;
    private static final String TOOL = """
            package tools;

            public class Tool {
                public static String answer(String word) {
                    return "you say " + word;
                }
            }
            """;

    @RegisterExtension
    final Children children = new Children();

    private Workshop workshop;
    private Path libraryJar;
    private Path echo;

    @BeforeAll
    void make(@TempDir Path folder) throws IOException {
        workshop = new Workshop(folder);
        libraryJar = workshop.jar(workshop.library(), "");
        echo = workshop.compile("module", List.of("--module-path", path()),
                workshop.write("src/module-info.java", MODULE),
                workshop.write("src/echo/Echo.java", "package echo;\n" + Workshop.ECHO));
    }

    private String path() {
        return libraryJar + ":" + Workshop.gson();
    }

    @Test
    void inALayerThatTheProgramHasMade() throws Exception {
        workshop.compile("layering", List.of(), workshop.write("Layering.java", LAYERING));

        Workshop.assertSays(workshop.java("--enable-native-access=ALL-UNNAMED", "-cp", "layering",
                "Layering", "module", libraryJar.toString(), Workshop.gson().toString()));
    }

    @Test
    void inAPatchThatReadsTheClassPath() throws Exception {
        Path tools = workshop.compile("tools", List.of(), workshop.write("Tool.java", TOOL));
        Path patch = workshop.compile("patch", List.of("--module-path", path() + ":" + echo,
                "--patch-module", "echo=" + workshop.folder().resolve("patch"), "--add-modules",
                "echo", "--add-reads", "echo=ALL-UNNAMED", "-cp", tools.toString()),
                workshop.write("patches/echo/Patch.java", PATCH));

        Workshop.assertSays(workshop.java("--enable-native-access=dev.ipcchannel", "--module-path",
                "module:" + path(), "--patch-module", "echo=" + patch.getFileName(),
                "--add-reads", "echo=ALL-UNNAMED", "--add-opens", "echo/echo=dev.ipcchannel",
                "-cp", "tools", "-m", "echo/echo.Patch"));
    }

    @Test
    void onTheUpgradePath() throws Exception {
        Workshop.assertSays(workshop.java("--enable-native-access=dev.ipcchannel", "--module-path",
                path(), "--upgrade-module-path", "module", "--add-modules", "echo", "-m",
                "echo/echo.Echo"));
    }

    @Test
    void byItsNameAlone() throws Exception {
        Path named = workshop.compile("named", List.of("--module-path", path()),
                workshop.write("names/module-info.java", MODULE),
                workshop.write("names/echo/Echo.java", "package echo;\n" + Workshop.ECHO
                        .replace("(Echo.class)", "(\"echo.Echo\")")));

        Workshop.assertSays(workshop.java("--enable-native-access=dev.ipcchannel", "--module-path",
                named + ":" + path(), "-m", "echo/echo.Echo"));
    }

    @Test
    void inARunTimeImage() throws Exception {
        Path image = image();

        Workshop.assertSays(echo(image.resolve("bin/java")));
    }

    @Test
    void inARunTimeImageWithoutAJava() throws Exception {
        Path java = image().resolve("bin/java");
        // As with --strip-native-commands or jpackage: the image has no java at its usual place.
        Path other = Files.move(java, java.resolveSibling("other"));

        assertRefused(echo(other), "this program's run-time image has no java that runs: java="
                + java + ": make it with one (jlink without --strip-native-commands), or give"
                + " ChildJvm.java that of a JDK");
    }

    @Test
    void inARunTimeImageThatWasCopiedWithoutItsRights() throws Exception {
        Path image = image();
        Path helper = image.resolve("lib/jspawnhelper");
        assertThat(helper.toFile().setExecutable(false, false)).isTrue();

        assertRefused(echo(image.resolve("bin/java")), "this JVM's own helper for starting programs"
                + " does not run: file=" + helper + ": restart this program if its JDK was replaced"
                + " meanwhile, else see that the file may be executed: ");
    }

    private static void assertRefused(ChildOutput parent, String sentence) {
        assertThat(parent.process().exitValue()).isOne();
        assertThat(parent.errorLines().getFirst())
                .contains("ChildFailed: the child cannot be started: " + sentence);
    }

    private ChildOutput echo(Path java) throws IOException, InterruptedException {
        return workshop.command(java.toString(), "--enable-native-access=dev.ipcchannel", "-m",
                "echo/echo.Echo");
    }

    /// A new image.
    private Path image() throws IOException, InterruptedException {
        Path image = Files.createTempDirectory(workshop.folder(), "images").resolve("image");
        assertThat(workshop.command(Workshop.tool("jlink"), "--output",
                image.toString(), "--module-path", echo + ":" + path(), "--add-modules", "echo")
                .process().exitValue()).isZero();
        return image;
    }
}
