package dev.ipcchannel.internal.posix;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Cgroups for children in folders like the kernel's: where they are made, what is written and read
/// there, and which folders are removed.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ChildCgroupTest {

    private static final long LIMIT = 64 << 20;

    @TempDir
    private Path folder;

    private Path own = Path.of("");
    private Path proc = Path.of("");

    @BeforeEach
    void makeFolders() throws IOException {
        own = Files.createDirectories(folder.resolve("sys/user/shop"));
        proc = Files.createDirectories(folder.resolve("proc/self"));
    }

    private void version2(String control, String members) throws IOException {
        mount("cgroup2", "rw", "0::/user/shop");
        Files.writeString(own.resolve("cgroup.controllers"), "cpu memory pids\n");
        Files.writeString(own.resolve("cgroup.subtree_control"), control);
        Files.writeString(own.resolve("cgroup.procs"), members);
    }

    private void mount(String type, String options, String membership) throws IOException {
        Files.writeString(proc.resolve("mountinfo"), "41 31 0:38 / %s rw - %s cgroup %s%n"
                .formatted(folder.resolve("sys"), type, options));
        Files.writeString(proc.resolve("cgroup"), membership + "\n");
    }

    private @Nullable ChildCgroup make() {
        return ChildCgroup.make(proc, LIMIT);
    }

    private ChildCgroup made() {
        return Objects.requireNonNull(make(), "none was made");
    }

    private static Path folderOf(ChildCgroup made) {
        return made.entry().resolveSibling("").normalize();
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(own)) {
            return files.filter(Files::isDirectory).map(file -> file.getFileName().toString())
                    .toList();
        }
    }

    @Test
    void delegatedCgroupGetsALimitedOneBelowIt() throws IOException {
        version2("cpu memory\n", "1\n2\n");

        Path made = folderOf(made());

        assertThat(made).hasParent(own);
        assertThat(made.resolve("memory.max")).hasContent(Long.toString(LIMIT));
        assertThat(made.resolve("memory.swap.max")).hasContent("0");
    }

    @Test
    void processThatIsAloneInItsCgroupMovesToALeaf() throws IOException {
        version2("", Users.ownPid() + "\n");

        Path made = folderOf(made());

        assertThat(made).hasParent(own);
        assertThat(own.resolve("ipc-channel-host/cgroup.procs"))
                .hasContent(Long.toString(Users.ownPid()));
        assertThat(own.resolve("cgroup.subtree_control")).hasContent("+memory");
    }

    @Test
    void cgroupsOfAProcessInItsLeafAreBesideIt() throws IOException {
        version2("memory\n", "");
        Files.createDirectories(own.resolve("ipc-channel-host"));
        Files.writeString(own.resolve("ipc-channel-host/cgroup.controllers"), "memory\n");
        Files.writeString(proc.resolve("cgroup"), "0::/user/shop/ipc-channel-host\n");

        assertThat(folderOf(made())).hasParent(own);
    }

    @Test
    void processesOfOthersAreNotMoved() throws IOException {
        version2("", "1\n" + Users.ownPid() + "\n");

        assertThat(make()).isNull();
        assertThat(names()).isEmpty();
    }

    @Test
    void unifiedHierarchyWithoutTheControllerIsLeftAlone() throws IOException {
        version2("memory\n", "");
        Files.writeString(own.resolve("cgroup.controllers"), "cpu\n");

        assertThat(make()).isNull();
    }

    @Test
    void nothingIsMadeWithoutCgroups() {
        assertThat(make()).isNull();
    }

    @Test
    void firstVersionHasItsOwnFiles() throws IOException {
        mount("cgroup", "rw,memory", "4:memory:/user/shop");

        ChildCgroup cgroup = made();
        Path made = folderOf(cgroup);
        assertThat(made.resolve("memory.limit_in_bytes")).hasContent(Long.toString(LIMIT));
        assertThat(made.resolve("memory.memsw.limit_in_bytes")).hasContent(Long.toString(LIMIT));

        Files.writeString(made.resolve("memory.oom_control"),
                "oom_kill_disable 0\nunder_oom 0\noom_kill 1\n");
        Files.writeString(made.resolve("memory.max_usage_in_bytes"), "67100000\n");
        cgroup.readCounts();

        assertThat(cgroup.kills()).isEqualTo(1);
        assertThat(cgroup.peak()).isEqualTo(67_100_000);
    }

    @Test
    void secondVersionCountsInItsEvents() throws IOException {
        version2("memory\n", "");
        ChildCgroup cgroup = made();
        Path made = folderOf(cgroup);

        Files.writeString(made.resolve("memory.events"),
                "low 0\nhigh 0\nmax 40\noom 0\noom_kill 0\noom_group_kill 7\n");
        Files.writeString(made.resolve("memory.peak"), "50000000\n");
        cgroup.readCounts();
        assertThat(cgroup.kills()).isZero();
        assertThat(cgroup.peak()).isEqualTo(50_000_000);

        Files.writeString(made.resolve("memory.events"), "oom 1\noom_kill 1\n");
        cgroup.readCounts();
        assertThat(cgroup.kills()).isEqualTo(1);
    }

    @Test
    void onlyFoldersOfEndedProcessesAreSweptWithWhatIsBelowThem() throws IOException {
        version2("memory\n", "");
        String mine = CgroupFolders.ownName(77);
        String[] parts = mine.split("-", -1);
        parts[4] = "1"; // a process of this number that started at another time
        String dead = String.join("-", parts);
        parts[2] = "4242"; // of another pid namespace
        String foreign = String.join("-", parts);
        for (String name : List.of(mine, dead, dead + "/" + dead, foreign, "ipc-channel-other")) {
            Files.createDirectories(own.resolve(name));
        }

        CgroupFolders.sweep(proc);

        assertThat(names()).containsExactlyInAnyOrder(mine, foreign, "ipc-channel-other");
    }
}
