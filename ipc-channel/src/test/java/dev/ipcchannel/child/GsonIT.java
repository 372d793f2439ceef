package dev.ipcchannel.child;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.testing.Children;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// Programs with and without Gson: only JSON needs it, and a sentence says where it belongs. A
/// child has it if its parent has: on the class path, on the module path and in a jlink image.
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GsonIT {

    /// A parent and a child that report a record sent in the binary format and one in JSON.
    private static final String NOTES = """
            package notes;

            import dev.ipcchannel.*;
            import dev.ipcchannel.child.ChildJvm;

            public class Notes {
                public record Note(String text) {}

                public static void main(String[] arguments) throws Exception {
                    if (ChildJvm.isChild()) {
                        try (var parent = ChildJvm.parent(String.class, Note.class)) {
                            parent.send(said());
                        }
                        return;
                    }
                    System.out.println(said());
                    try (var child = ChildJvm.of(Notes.class).shortLived().noClassArchive()
                            .start(Note.class, String.class)) {
                        System.out.println(child.receive());
                    }
                }

                private static String said() throws InterruptedException {
                    try {
                        return travelled(Codec.of(Note.class)) + " "
                                + travelled(Codec.json(Note.class));
                    } catch (IllegalStateException refused) {
                        return refused.getMessage();
                    }
                }

                private static String travelled(Codec<Note> codec) throws InterruptedException {
                    try (var channel = Channel.create(codec, ChannelOptions.defaults())) {
                        channel.sender().send(new Note("noted"));
                        return channel.receiver().receive().text();
                    }
                }
            }
            """;
    private static final String MODULE = "open module notes { requires dev.ipcchannel; }";
    private static final String WITH_GSON =
            "open module notes { requires dev.ipcchannel; requires com.google.gson; }";
    private static final String NOTED = "noted noted";

    @RegisterExtension
    final Children children = new Children();

    private Workshop workshop;
    private Path library;
    private Path classes; // in no module
    private Path module; // does not require Gson
    private Path requiring; // requires Gson

    @BeforeAll
    void make(@TempDir Path folder) throws IOException {
        workshop = new Workshop(folder);
        library = workshop.jar(workshop.library(), "");
        Path source = workshop.write("notes/Notes.java", NOTES);
        classes = workshop.compile("classes", List.of("-cp", library.toString()), source);
        module = workshop.compile("module", List.of("--module-path", path(library)),
                workshop.write("plain/module-info.java", MODULE), source);
        requiring = workshop.compile("requiring",
                List.of("--module-path", path(library, Workshop.gson())),
                workshop.write("with/module-info.java", WITH_GSON), source);
    }

    private static String path(Path... entries) {
        return String.join(":", List.of(entries).stream().map(Path::toString).toList());
    }

    @Test
    void onTheClassPathWith() throws Exception {
        assertBothSay(NOTED, unnamed(path(classes, library, Workshop.gson())));
    }

    @Test
    void onTheClassPathWithout() throws Exception {
        assertBothSay(sentence("missing"), unnamed(path(classes, library)));
    }

    @Test
    void onTheClassPathWithOneThatIsTooOld() throws Exception {
        Path old = Files.copy(Workshop.gson(), workshop.folder().resolve("old.jar"));
        try (FileSystem jar = FileSystems.newFileSystem(old)) { // it came with version 2.11
            Files.delete(jar.getPath("com", "google", "gson", "Strictness.class"));
        }

        assertBothSay(sentence("too old, file=" + old.toUri().toString().replace("///", "/")),
                unnamed(path(classes, library, old)));
    }

    private ChildOutput unnamed(String classPath) throws IOException, InterruptedException {
        return workshop.java("--enable-native-access=ALL-UNNAMED", "-cp", classPath,
                "notes.Notes");
    }

    @Test
    void onTheClassPathBesideAModularLibraryWith() throws Exception {
        assertBothSay(NOTED, besideModules("com.google.gson,dev.ipcchannel", path(classes)));
    }

    @Test
    void onTheClassPathBesideAModularLibraryWithout() throws Exception {
        assertBothSay(sentence("missing"), besideModules("dev.ipcchannel", path(classes)));
    }

    @Test
    void onTheClassPathBesideAModularLibraryWhichDoesNotLookThere() throws Exception {
        assertBothSay(sentence("on the class path only, where a module does not look"),
                besideModules("dev.ipcchannel", path(classes, Workshop.gson())));
    }

    private ChildOutput besideModules(String modules, String classPath)
            throws IOException, InterruptedException {
        return workshop.java("--enable-native-access=dev.ipcchannel", "--module-path",
                path(library, Workshop.gson()), "--add-modules", modules, "-cp", classPath,
                "notes.Notes");
    }

    @Test
    void onTheModulePathWithAModuleThatRequiresIt() throws Exception {
        assertBothSay(NOTED, onModulePath(path(requiring, library, Workshop.gson())));
    }

    @Test
    void onTheModulePathWithTheOption() throws Exception {
        assertBothSay(NOTED, onModulePath(path(module, library, Workshop.gson()),
                "--add-modules", "com.google.gson"));
    }

    @Test
    void onTheModulePathWithItsJarAlone() throws Exception {
        assertBothSay(sentence("missing"), onModulePath(path(module, library, Workshop.gson())));
    }

    @Test
    void onTheModulePathWithout() throws Exception {
        assertBothSay(sentence("missing"), onModulePath(path(module, library)));
    }

    private ChildOutput onModulePath(String modulePath, String... options)
            throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(options));
        words.addAll(List.of("--enable-native-access=dev.ipcchannel", "--module-path", modulePath,
                "-m", "notes/notes.Notes"));
        return workshop.java(words.toArray(String[]::new));
    }

    @Test
    void inAnImageWithAModuleThatRequiresIt() throws Exception {
        assertBothSay(NOTED, inImage("requiring", requiring, "notes"));
    }

    @Test
    void inAnImageWithTheOption() throws Exception {
        Path image = image("with", module, "notes,com.google.gson");

        assertBothSay(NOTED, run(image, "--add-modules", "com.google.gson"));
        assertBothSay(sentence("missing"), run(image));
    }

    @Test
    void inAnImageWithout() throws Exception {
        assertBothSay(sentence("missing"), inImage("without", module, "notes"));
    }

    private ChildOutput inImage(String name, Path notes, String modules)
            throws IOException, InterruptedException {
        return run(image(name, notes, modules));
    }

    private Path image(String name, Path notes, String modules)
            throws IOException, InterruptedException {
        Path image = workshop.folder().resolve("image-" + name);
        ChildOutput jlink = workshop.command(Workshop.tool("jlink"), "--output", image.toString(),
                "--module-path", path(notes, library, Workshop.gson()), "--add-modules", modules);
        assertThat(jlink.process().exitValue()).as(() -> jlink.lines().toString()).isZero();
        return image;
    }

    private ChildOutput run(Path image, String... options)
            throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(image.resolve("bin/java").toString()));
        words.addAll(List.of(options));
        words.addAll(List.of("--enable-native-access=dev.ipcchannel", "-m", "notes/notes.Notes"));
        return workshop.command(words.toArray(String[]::new));
    }

    private static String sentence(String found) {
        return "Codec.json needs Gson 2.12 or newer: gson=" + found + ": have"
                + " com.google.code.gson:gson on the class path; on the module path, or in an image"
                + " of jlink, also `requires com.google.gson` in a module-info.java of yours, or"
                + " --add-modules com.google.gson on the command line";
    }

    private static void assertBothSay(String what, ChildOutput parent) {
        assertThat(parent.errorLines()).isEmpty();
        assertThat(parent.lines()).containsExactly(what, what);
        assertThat(parent.process().exitValue()).isZero();
    }
}
