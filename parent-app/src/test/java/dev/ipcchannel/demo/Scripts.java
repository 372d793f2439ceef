package dev.ipcchannel.demo;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A project of nothing but the scripts, with a Maven whose actions the test chooses.
final class Scripts {

    static final List<String> NAMES =
            List.of("api-diff", "bench", "demo", "install", "node", "reproducible",
                    "run_event_demo.sh", "stress", "test", "torture");

    private final Sandbox sandbox;
    private final Path project;

    /// Copies the scripts into the sandbox.
    Scripts(Sandbox sandbox) throws IOException {
        this.sandbox = sandbox;
        this.project = sandbox.directory().resolve("project");
        Path scripts = Files.createDirectories(project.resolve("scripts"));
        Files.copy(Page.ROOT.resolve("scripts/lib.sh"), scripts.resolve("lib.sh"));
        for (String name : NAMES) {
            Files.copy(Page.ROOT.resolve("scripts").resolve(name), scripts.resolve(name));
        }
        sandbox.with("JAVA_HOME", System.getProperty("java.home"));
    }

    Path project() {
        return project;
    }

    String script(String name) {
        return project.resolve("scripts").resolve(name).toString();
    }

    Path log(String stage) {
        return project.resolve("target/logs").resolve(stage + ".log");
    }

    /// Makes the files of each of these modules that the scripts compare a jar with.
    void sources(String... modules) throws IOException {
        for (String module : modules) {
            Path folder = Files.createDirectories(project.resolve(module).resolve("src/main"));
            Files.writeString(folder.resolve("../../pom.xml"), "");
        }
    }

    /// Makes the scripts find a JDK whose programs all are a script of these lines.
    void java(String... lines) throws IOException {
        Path jdk = Files.createDirectories(sandbox.directory().resolve("jdk/bin")).getParent();
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"25\"\n");
        sandbox.script("jdk/bin/java", lines);
        sandbox.script("jdk/bin/javac", lines);
        sandbox.with("JAVA_HOME", jdk.toString());
    }

    /// Makes the source of a test class.
    void testClass(String name, String text) throws IOException {
        Path folder = Files.createDirectories(project.resolve("part/src/test/java/some"));
        Files.writeString(folder.resolve(name + ".java"), text);
    }

    /// Puts a Maven before all others that claims to install the library's jar there.
    void installsTo(String jar) throws IOException {
        Files.copy(Page.ROOT.resolve("pom.xml"), project.resolve("pom.xml"));
        String line = "[INFO] Installing %s/ipc-channel/target/%s to %s";
        maven("cat << 'END'", line.formatted(project, "a.pom", jar.replace(".jar", ".pom")),
                line.formatted(project, "ipc-channel.jar", jar),
                line.formatted(project, "sources.jar", jar.replace(".jar", "-sources.jar")), "END");
    }

    /// Puts a Maven before all others on the PATH.
    void maven(String... lines) throws IOException {
        sandbox.script("mvn", lines);
        sandbox.with("PATH",
                sandbox.directory() + File.pathSeparator + System.getenv("PATH"));
    }
}
