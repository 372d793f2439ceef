package dev.ipcchannel.testing.children;

import dev.ipcchannel.worker.JobContext;
import dev.ipcchannel.worker.Worker;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A worker that does [Work].
public final class WorkingChild {

    private static final List<byte[]> KEPT = new ArrayList<>();
    private static final AtomicLong LATEST = new AtomicLong(); // moment of a job

    private static final long NAP_NANOS = TimeUnit.MILLISECONDS.toNanos(4);

    private static final class Unheard extends Exception {

        private static final long serialVersionUID = 1;

        private Unheard(String message) {
            super(message);
        }
    }

    private static final class Spiteful extends RuntimeException {

        private static final long serialVersionUID = 1;

        @Override
        public String getMessage() {
            throw new IllegalStateException("no message");
        }
    }

    private WorkingChild() {}

    public static void main(String[] arguments) throws InterruptedException {
        Worker.serve(Work.class, String.class, WorkingChild::work);
    }

    /// Fills native memory.
    static void fill(int megabytes) {
        try (Arena arena = Arena.ofConfined()) {
            for (int i = 0; i < megabytes; i++) {
                MemorySegment _ = arena.allocate(1 << 20).fill((byte) 1);
            }
        }
    }

    /// Does one job.
    public static @Nullable String work(Work work, JobContext<String> job) throws Exception {
        return switch (work) {
            case Work.Echo(String text) -> text;
            case Work.ReadPid _ -> Long.toString(ProcessHandle.current().pid());
            case Work.Fill(int megabytes) -> {
                fill(megabytes);
                yield Long.toString(ProcessHandle.current().pid());
            }
            case Work.ReadHeap _ -> Long.toString(Runtime.getRuntime().maxMemory());
            case Work.Nap(int number) -> {
                LockSupport.parkNanos(NAP_NANOS);
                yield Integer.toString(number);
            }
            case Work.Wait(String file) -> await(Path.of(file), job);
            case Work.Sleep(String file) -> sleep(Path.of(file));
            case Work.Deaf(String file) -> {
                Path _ = Files.createFile(Path.of(file));
                while (true) {
                    LockSupport.parkNanos(NAP_NANOS);
                    boolean _ = Thread.interrupted();
                }
            }
            case Work.Count(int parts) -> count(parts, job);
            case Work.Leave(int code) -> {
                Runtime.getRuntime().halt(code);
                yield null;
            }
            case Work.Touch(String file) -> Files.createFile(Path.of(file)).toString();
            case Work.Note(String file, int number) -> note(Path.of(file), number);
            case Work.Given(long moment) ->
                    Long.toString(LATEST.getAndAccumulate(moment, Math::max));
            case Work.Keep(int megabytes) -> {
                byte[] kept = new byte[megabytes << 20];
                Arrays.fill(kept, (byte) 1); // so that it is in memory
                KEPT.add(kept);
                yield Long.toString(ProcessHandle.current().pid());
            }
            case Work.Babble(int lines) -> babble(lines);
            case Work.Input _ -> Integer.toString(System.in.readAllBytes().length);
            case Work.Fail(Work.Way way) -> fail(way);
        };
    }

    private static String await(Path file, JobContext<String> job)
            throws IOException, InterruptedException {
        Path _ = Files.createFile(file);
        try {
            while (!job.isCancelled()) {
                TimeUnit.NANOSECONDS.sleep(NAP_NANOS); // until it is cancelled or interrupted
            }
            return "to nobody";
        } finally {
            Files.delete(file);
        }
    }

    private static String sleep(Path file) throws IOException, InterruptedException {
        Path _ = Files.createFile(file);
        try {
            TimeUnit.HOURS.sleep(1);
            return "awake";
        } finally {
            Files.delete(file);
        }
    }

    private static String count(int parts, JobContext<String> job) throws InterruptedException {
        for (int i = 0; i < parts; i++) {
            job.progress(i, parts, "before " + i);
            job.part(Integer.toString(i));
        }
        return "the end";
    }

    private static String note(Path file, int number) throws IOException {
        String pid = Long.toString(ProcessHandle.current().pid());
        Path _ = Files.writeString(file, pid + " " + number + "\n", StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
        return pid;
    }

    private static String babble(int lines) {
        String line = "x".repeat(100);
        for (int i = 0; i < lines; i++) {
            System.out.println(line);
            System.err.println(line);
        }
        return "said";
    }

    private static @Nullable String fail(Work.Way way) throws Unheard {
        return switch (way) {
            case UNHEARD -> throw new Unheard("it is so");
            case SPITEFUL -> throw new Spiteful();
            case TOO_DEEP -> deeper(0);
            case UNSENDABLE -> "half a letter: \ud800";
            case NOTHING -> null;
        };
    }

    @SuppressWarnings("InfiniteRecursion") // that is what it is for
    private static String deeper(int depth) {
        return deeper(depth + 1) + depth;
    }
}
