package dev.ipcchannel.testing.children;

import dev.ipcchannel.IpcException;
import dev.ipcchannel.OneShotServer;
import dev.ipcchannel.internal.base.ExitFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/// A child that has files removed at its exit, and prints in a shutdown hook whether they are
/// there.
public final class ExitFilesChild {

    /// The way in which it ends.
    public enum End {
        RETURN, EXIT, TERMINATED, HALT, LATE
    }

    private static final FileTime LONG_AGO = FileTime.fromMillis(0);

    private ExitFilesChild() {}

    /// Adds files, and ends.
    ///
    /// @param arguments a folder, then the name of an [End]
    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        End end = End.valueOf(arguments[1]);
        Path file = made(folder.resolve("file"));
        Path full = Files.createDirectory(folder.resolve("full"));
        Path inside = Files.createFile(full.resolve("inside"));
        boolean isTaken = ExitFiles.add(full, inside);
        Path gone = made(folder.resolve("gone"));
        Files.delete(gone);
        ExitFiles.remove(gone);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            if (end == End.EXIT) {
                exitOnceMore();
            }
            awaitTheRoomsHook();
            Path late = made(folder.resolve("late"));
            System.out.println(List.of(file, inside, late).stream().allMatch(Files::exists));
        }));
        System.out.println(isTaken);
        switch (end) {
            case RETURN -> {} // and the last thread ends
            case LATE -> exitAndThen(folder.resolve("too late"), () -> {
                Path servers = Path.of(System.getenv("XDG_RUNTIME_DIR"));
                touchLongAgo(servers);
                System.out.println(serve());
                System.out.println(isTouchedLongAgo(servers));
                System.out.println(ExitFiles.count());
            });
            case EXIT -> System.exit(0);
            case TERMINATED -> Talker.awaitCue();
            case HALT -> Runtime.getRuntime().halt(0);
        }
    }

    private static Path made(Path file) {
        try {
            Files.createFile(file);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        if (!ExitFiles.add(file)) {
            throw new IllegalStateException("too late: file=" + file);
        }
        return file;
    }

    /// Exits, and runs an action after the JDK has removed the files. After that, an exit only
    /// halts, under a lock of the JDK: it waits while a thread has the lock. A flag of the JVM
    /// gives access to it.
    ///
    /// @param file that does not exist, to be added until it is too late
    public static void exitAndThen(Path file, Runnable late) throws Exception {
        Field field = Class.forName("java.lang.Shutdown").getDeclaredField("haltLock");
        field.setAccessible(true);
        Object lockOfHalt = field.get(null);
        CountDownLatch isLocked = new CountDownLatch(1);
        Thread adding = new Thread(() -> {
            synchronized (lockOfHalt) {
                isLocked.countDown();
                while (ExitFiles.add(file)) {
                    ExitFiles.remove(file);
                }
                late.run();
            }
        });
        adding.setDaemon(true);
        adding.start();
        isLocked.await();
        System.exit(0);
    }

    /// Sets the folder's time back by long.
    public static void touchLongAgo(Path folder) {
        try {
            Files.setLastModifiedTime(folder, LONG_AGO);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// Whether no file has been added or removed since.
    public static boolean isTouchedLongAgo(Path folder) {
        try {
            return Files.getLastModifiedTime(folder).equals(LONG_AGO);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static String serve() {
        try (OneShotServer<String> server = OneShotServer.open(String.class)) {
            return server.name();
        } catch (IpcException failure) {
            return String.valueOf(failure.getMessage());
        }
    }

    /// A second exit, which waits for the first one for ever.
    private static void exitOnceMore() {
        Thread exit = new Thread(() -> System.exit(1));
        exit.setDaemon(true);
        exit.start();
    }

    /// Waits until the library's hook for exit files has ended.
    static void awaitTheRoomsHook() {
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().equals("ipc-channel exit files")) {
                try {
                    thread.join();
                } catch (InterruptedException impossible) {
                    throw new AssertionError(impossible);
                }
            }
        }
    }
}
