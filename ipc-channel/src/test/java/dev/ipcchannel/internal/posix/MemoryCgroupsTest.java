package dev.ipcchannel.internal.posix;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The limits of memory cgroups: they are found where the kernel shows them, in folders like the
/// kernel's.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MemoryCgroupsTest {

    private static final long MIB = 1 << 20;
    private static final long RESERVE = 16 * MIB;

    @TempDir
    private Path folder;

    private Path mount = Path.of("");

    @BeforeEach
    void makeFolders() throws IOException {
        mount = Files.createDirectories(folder.resolve("sys"));
    }

    @Test
    void nothingIsLimitedWhereThereAreNoCgroups() {
        assertThat(room()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void memoryThatCannotBeDroppedCounts() throws IOException {
        mounts("cgroup2", "/", "rw");
        memberships("0::/app");
        v2("app", 1000 * MIB, 700 * MIB, """
                anon 104857600
                file 629145600
                shmem 104857600
                inactive_file 209715200
                active_file 104857600
                slab_reclaimable 104857600
                """);

        assertThat(room()).isEqualTo(1000 * MIB - 300 * MIB - RESERVE);
    }

    @Test
    void tightestOfAllLevelsIsTheOneThatIsReported() throws IOException {
        mounts("cgroup2", "/", "rw");
        memberships("0::/outer/middle/inner");
        v2("outer", 400 * MIB, 300 * MIB, "");
        write("outer/middle/memory.max", "max");
        v2("outer/middle/inner", 500 * MIB, 100 * MIB, "");

        AvailableMemory.Room found = found(0);

        assertThat(found.bytes()).isEqualTo(100 * MIB - RESERVE);
        assertThat(found.limit()).isEqualTo(mount.resolve("outer/memory.max").toString());
    }

    @Test
    void nameThatIsNoUtf8SpoilsNoOtherMount() throws IOException {
        mounts("cgroup2", "/", "rw");
        Files.write(folder.resolve("mountinfo"), new byte[]{'9', ' ', (byte) 0xE4, '\n'},
                StandardOpenOption.APPEND);
        memberships("0::/app");
        v2("app", 400 * MIB, 300 * MIB, "");

        assertThat(room()).isEqualTo(100 * MIB - RESERVE);
    }

    @Test
    void containerSeesItsOwnCgroupAtTheMount() throws IOException {
        mounts("cgroup2", "/", "rw");
        memberships("0::/");
        v2("", 200 * MIB, 50 * MIB, "");

        assertThat(room()).isEqualTo(150 * MIB - 200 * MIB / 16);
    }

    @Test
    void firstVersionHasOtherNames() throws IOException {
        mounts("cgroup", "/", "rw,memory");
        memberships("5:cpu,cpuacct:/elsewhere", "4:hugetlb,memory:/app");
        write("app/memory.limit_in_bytes", Long.toString(300 * MIB));
        write("app/memory.usage_in_bytes", Long.toString(200 * MIB));
        write("app/memory.stat", """
                inactive_file 1
                total_inactive_file 52428800
                total_active_file 52428800
                """);
        write("memory.limit_in_bytes", "9223372036854771712"); // none
        write("memory.usage_in_bytes", Long.toString(999 * MIB));

        assertThat(room()).isEqualTo(200 * MIB - RESERVE);
    }

    @Test
    void containerOfTheFirstVersionSeesTheHostsPath() throws IOException {
        mounts("cgroup", "/docker/abc", "rw,memory");
        memberships("4:memory:/docker/abc/part");
        write("part/memory.limit_in_bytes", Long.toString(100 * MIB));
        write("part/memory.usage_in_bytes", "0");

        assertThat(room()).isEqualTo(100 * MIB - 100 * MIB / 16);
    }

    @Test
    void pathThatIsNotSeenFromHereLeavesTheOutermostLimit() throws IOException {
        mounts("cgroup2", "/", "rw");
        memberships("0::/../../elsewhere");
        v2("", 200 * MIB, 0, "");

        assertThat(room()).isEqualTo(200 * MIB - 200 * MIB / 16);
    }

    /// Both versions side by side, memory with the first, as systemd has it.
    @Test
    void secondVersionWithoutMemoryLimitsNothing() throws IOException {
        mounts("cgroup2", "/", "rw,nsdelegate");
        memberships("4:memory:/app", "0::/app");
        Files.createDirectories(mount.resolve("app"));

        assertThat(room()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void swapThatTheCgroupMayUseCanBeHadAsWell() throws IOException {
        mounts("cgroup2", "/", "rw");
        memberships("0::/app");
        v2("app", 200 * MIB, 200 * MIB, "");
        write("app/memory.swap.max", Long.toString(60 * MIB));
        write("app/memory.swap.current", Long.toString(20 * MIB));

        assertThat(found(0).bytes()).as("a machine without").isZero();
        assertThat(found(1000 * MIB).bytes()).isEqualTo(40 * MIB - 200 * MIB / 16);
        assertThat(found(30 * MIB).bytes()).isEqualTo(30 * MIB - 200 * MIB / 16);
    }

    @Test
    void whatCannotBeReadLimitsNothing() throws IOException {
        mounts("cgroup2", "/", "rw");
        memberships("0::/app", "nonsense", "");
        write("app/memory.max", "a lot");
        write("app/memory.current", "");

        assertThat(room()).isEqualTo(Long.MAX_VALUE);
    }

    private long room() {
        return found(0).bytes();
    }

    private AvailableMemory.Room found(long freeSwap) {
        return new MemoryCgroups(folder).room(freeSwap);
    }

    private void mounts(String type, String root, String options) throws IOException {
        Files.writeString(folder.resolve("mountinfo"), """
                31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
                32 31 0:29 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu
                41 31 0:38 %s %s rw,relatime shared:9 - %s cgroup %s
                """.formatted(root, mount, type, options));
    }

    private void memberships(String... lines) throws IOException {
        Files.writeString(folder.resolve("cgroup"), String.join("\n", lines) + "\n");
    }

    private void v2(String cgroup, long max, long current, String stat) throws IOException {
        write(Path.of(cgroup, "memory.max").toString(), Long.toString(max));
        write(Path.of(cgroup, "memory.current").toString(), Long.toString(current));
        write(Path.of(cgroup, "memory.stat").toString(), stat);
    }

    private void write(String file, String text) throws IOException {
        Path path = mount.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text + "\n");
    }
}
