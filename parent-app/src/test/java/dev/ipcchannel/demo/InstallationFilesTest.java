package dev.ipcchannel.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/// Tests of the files in docs/cluster: that they are read by what reads them, where that is
/// installed, and that what stands in several places is the same. No Kubernetes is asked.
@Timeout(120)
class InstallationFilesTest {

    private static final Path FOLDER = Page.ROOT.resolve("docs/cluster");
    private static final String CONFIGURATION = "nats.conf";
    private static final int SERVERS = 3;

    @RegisterExtension
    final Sandbox sandbox = new Sandbox();

    @ParameterizedTest
    @ValueSource(strings = {"nats.yaml", "words-node.yaml"})
    void everyDocumentOfAManifestIsAnObjectWithANameAndNoKeyTwice(String name) throws IOException {
        assertThat(objects(name)).isNotEmpty().allSatisfy(object -> {
            assertThat(at(object, "apiVersion")).asString().matches("([a-z]+/)?v1");
            assertThat(at(object, "kind")).asString().matches("[A-Za-z]+");
            assertThat(at(object, "metadata", "name")).asString().matches("[a-z-]+");
        });
    }

    @Test
    void keyThatStandsTwiceIsRefused() {
        assertThatThrownBy(() -> parse("kind: a\nkind: b\n")).isInstanceOf(YAMLException.class)
                .hasMessageContaining("duplicate key kind");
    }

    @Test
    void everySelectorFindsThePodsThatItIsFor() throws IOException {
        Map<?, ?> servers = object("nats.yaml", "StatefulSet");
        Map<?, ?> nodes = object("words-node.yaml", "Deployment");
        Object labels = at(servers, "spec", "template", "metadata", "labels");

        assertThat(at(servers, "spec", "selector", "matchLabels")).isEqualTo(labels);
        assertThat(at(object("nats.yaml", "Service"), "spec", "selector")).isEqualTo(labels);
        assertThat(at(object("nats.yaml", "PodDisruptionBudget"), "spec", "selector",
                "matchLabels")).isEqualTo(labels);
        assertThat(first(at(servers, "spec", "template", "spec", "affinity", "podAntiAffinity",
                "requiredDuringSchedulingIgnoredDuringExecution")).toString())
                .contains(labels.toString());
        assertThat(at(nodes, "spec", "selector", "matchLabels"))
                .isEqualTo(at(nodes, "spec", "template", "metadata", "labels"));
    }

    @ParameterizedTest
    @CsvSource({"nats.yaml, StatefulSet", "words-node.yaml, Deployment"})
    void everyMountHasItsVolume(String file, String kind) throws IOException {
        Map<?, ?> spec = (Map<?, ?>) at(object(file, kind), "spec");
        List<Object> volumes = new ArrayList<>(names(at(spec, "template", "spec", "volumes")));
        if (spec.get("volumeClaimTemplates") instanceof List<?> claims) {
            claims.forEach(claim -> volumes.add(at((Map<?, ?>) claim, "metadata", "name")));
        }

        assertThat(names(container(spec).get("volumeMounts")))
                .containsExactlyInAnyOrderElementsOf(volumes);
    }

    @Test
    void serversInKubernetesKnowEachOther() throws IOException {
        Map<?, ?> servers = object("nats.yaml", "StatefulSet");
        Object service = at(object("nats.yaml", "Service"), "metadata", "name");

        assertThat(at(servers, "spec", "replicas")).isEqualTo(SERVERS);
        assertThat(at(servers, "spec", "serviceName")).isEqualTo(service);
        assertThat(at(object("nats.yaml", "Service"), "spec", "clusterIP")).isEqualTo("None");
        assertThat(routes(inKubernetes())).containsExactlyElementsOf(IntStream.range(0, SERVERS)
                .mapToObj(i -> "nats-route://%s-%d.%s:6222".formatted(
                        at(servers, "metadata", "name"), i, service))
                .toList());
        assertThat(routes(outside())).hasSize(SERVERS);
    }

    @Test
    void bothConfigurationsDifferOnlyInTheirRoutesAndTheAddressOfTheMonitor() throws IOException {
        assertThat(settings(inKubernetes())).isEqualTo(settings(outside()));
    }

    @Test
    void portsAreThoseOfTheConfiguration() throws IOException {
        Map<?, ?> pod = container((Map<?, ?>) at(object("nats.yaml", "StatefulSet"), "spec"));

        assertThat(inKubernetes()).contains("listen: 0.0.0.0:4222", "listen: 0.0.0.0:6222",
                "http: 0.0.0.0:8222");
        assertThat(values(pod.get("ports"), "containerPort")).containsExactly(4222, 6222, 8222);
        assertThat(values(at(object("nats.yaml", "Service"), "spec", "ports"), "port"))
                .containsExactly(4222, 6222);
        assertThat(names(pod.get("ports"))).contains(at(pod, "readinessProbe", "httpGet", "port"));
    }

    @Test
    void storeIsOnTheDiskOfItsServerAndFitsIn() throws IOException {
        Map<?, ?> spec = (Map<?, ?>) at(object("nats.yaml", "StatefulSet"), "spec");
        Map<?, ?> mount = (Map<?, ?>) ((List<?>) container(spec).get("volumeMounts")).get(1);
        String storage = at((Map<?, ?>) first(spec.get("volumeClaimTemplates")), "spec",
                "resources", "requests", "storage").toString();

        assertThat(inKubernetes()).contains("store_dir: " + mount.get("mountPath") + "\n");
        assertThat(number(storage, "(\\d+)Gi"))
                .isGreaterThan(number(inKubernetes(), "max_file_store: (\\d+)GB"));
        assertThat(Files.readString(FOLDER.resolve("jobs-server.service")))
                .contains("StateDirectory=nats\n"); // below /var/lib
        assertThat(outside()).contains("store_dir: /var/lib/nats\n");
    }

    @Test
    void nodeIsKilledOnlyAfterTheTimeThatItHasToDrain() throws IOException {
        Map<?, ?> spec = (Map<?, ?>) at(object("words-node.yaml", "Deployment"), "spec");
        String unit = unit("words-node");

        assertThat((int) at(spec, "template", "spec", "terminationGracePeriodSeconds"))
                .isGreaterThan(number(String.join(" ", arguments(spec)), "--patience (\\d+)"));
        assertThat(number(unit, "TimeoutStopSec=(\\d+)"))
                .isGreaterThan(number(unit, "--patience (\\d+)"));
        assertThat(unit).contains("KillMode=mixed\n", "SuccessExitStatus=143\n");
    }

    /// The script refuses wrong arguments with 2, before the build, which fails here.
    @Test
    void argumentsOfTheNodesAreTaken() throws IOException {
        Scripts scripts = new Scripts(sandbox);
        scripts.maven("exit 1");
        sandbox.with("NATS_URL", "nats://jobs:secret@nats:4222,nats://jobs:secret@other:4222");
        Map<?, ?> spec = (Map<?, ?>) at(object("words-node.yaml", "Deployment"), "spec");
        String line = unit("words-node").lines().filter(text -> text.startsWith("ExecStart="))
                .findFirst().orElseThrow();
        List<String> ofUnit = Arrays.asList(line.substring(line.indexOf(" node ") + 6).split(" "));

        for (List<String> arguments : List.of(arguments(spec), ofUnit)) {
            List<String> command = new ArrayList<>(List.of(scripts.script("node")));
            command.addAll(arguments);

            assertThat(sandbox.start(command).expectExit(1).err()).contains("building");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"outside", "inKubernetes"})
    void serverTakesItsConfiguration(String place) throws IOException {
        Path server = Stream.concat(Arrays.stream(System.getenv("PATH").split(":")),
                Stream.of("/usr/sbin", "/usr/local/bin"))
                .map(folder -> Path.of(folder, "nats-server")).filter(Files::isExecutable)
                .findFirst().orElse(null);
        assumeTrue(server != null, "nats-server is not installed, so it does not read the files");
        Path file = Files.writeString(sandbox.directory().resolve(CONFIGURATION),
                place.equals("outside") ? outside() : inKubernetes());
        sandbox.with("NATS_NAME", "jobs-1").with("NATS_PASSWORD", "secret");

        Program test = sandbox.startInside(List.of(server.toString(), "-t", "-c", file.toString()))
                .expectExit(0);

        assertThat(test.out() + test.err()).contains("is valid");
    }

    /// The programs and the user of the units need not be there.
    @ParameterizedTest
    @ValueSource(strings = {"words-node", "jobs-server"})
    void systemdTakesTheUnit(String name) throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/systemd-analyze")),
                "systemd is not installed, so it does not read the units");
        Path file = Files.writeString(sandbox.directory().resolve(name + ".service"),
                unit(name).replaceAll("(?m)^(Exec[A-Za-z]+=)/\\S+", "$1/bin/sh"));

        Program verify = sandbox.startInside(
                List.of("/usr/bin/systemd-analyze", "verify", "--man=no", file.toString()))
                .awaitEnd();

        assertThat(verify.err().lines().filter(line -> line.contains(file.toString())
                || line.startsWith(name))).as("%s", verify).isEmpty();
    }

    private static String unit(String name) throws IOException {
        return Files.readString(FOLDER.resolve(name + ".service"));
    }

    private static String outside() throws IOException {
        return Files.readString(FOLDER.resolve(CONFIGURATION));
    }

    private static String inKubernetes() throws IOException {
        return at(object("nats.yaml", "ConfigMap"), "data", CONFIGURATION).toString();
    }

    private static List<String> routes(String configuration) {
        return configuration.lines().map(String::strip)
                .filter(line -> line.startsWith("nats-route:")).toList();
    }

    /// The lines but those that may differ, without comments.
    private static List<String> settings(String configuration) {
        return configuration.lines().map(line -> line.replaceFirst("#.*", "").strip())
                .filter(line -> !line.isEmpty() && !line.startsWith("nats-route:")
                        && !line.startsWith("http:"))
                .toList();
    }

    private static int number(String text, String pattern) {
        Matcher found = Pattern.compile(pattern).matcher(text);
        assertThat(found.find()).as("%s in %s", pattern, text).isTrue();
        return Integer.parseInt(found.group(1));
    }

    private static List<String> arguments(Map<?, ?> spec) {
        return ((List<?>) container(spec).get("args")).stream().map(Object::toString).toList();
    }

    /// The only container of a pod.
    private static Map<?, ?> container(Map<?, ?> spec) {
        return (Map<?, ?>) first(at(spec, "template", "spec", "containers"));
    }

    private static Object first(Object list) {
        assertThat(list).isInstanceOf(List.class);
        return ((List<?>) list).getFirst();
    }

    private static List<Object> names(Object list) {
        return values(list, "name");
    }

    private static List<Object> values(Object list, String key) {
        return ((List<?>) list).stream().<Object>map(entry -> ((Map<?, ?>) entry).get(key))
                .toList();
    }

    private static Map<?, ?> object(String file, String kind) throws IOException {
        Optional<Map<?, ?>> found = objects(file).stream()
                .filter(object -> kind.equals(object.get("kind"))).findFirst();
        assertThat(found).as(kind).isPresent();
        return found.orElseThrow();
    }

    private static List<Map<?, ?>> objects(String file) throws IOException {
        return parse(Files.readString(FOLDER.resolve(file)));
    }

    private static List<Map<?, ?>> parse(String text) {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        return StreamSupport
                .stream(new Yaml(new SafeConstructor(options)).loadAll(text).spliterator(), false)
                .<Map<?, ?>>map(document -> (Map<?, ?>) document).toList();
    }

    private static Object at(Map<?, ?> object, String... keys) {
        Object value = object;
        for (String key : keys) {
            assertThat(value).as(key).isInstanceOf(Map.class);
            value = ((Map<?, ?>) value).get(key);
            assertThat(value).as(key).isNotNull();
        }
        return value;
    }
}
