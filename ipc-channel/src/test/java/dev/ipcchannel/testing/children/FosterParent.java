package dev.ipcchannel.testing.children;

import dev.ipcchannel.child.ChildJvm;
import dev.ipcchannel.child.ChildLink;
import dev.ipcchannel.child.ChildProcess;
import dev.ipcchannel.child.Output;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A child that is itself a parent: of an [OrphanChild] for each task given after the directory for
/// the files of their hooks, and of a command. It prints their pids, and exits at its cue without
/// notifying them.
public final class FosterParent {

    /// Its exit code.
    public static final int EXIT_CODE = 3;

    private FosterParent() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        List<ChildLink<String, String>> links = new ArrayList<>();
        for (String task : List.of(arguments).subList(1, arguments.length)) {
            ChildJvm child = ChildJvm.of(OrphanChild.class).output(Output.inherit())
                    .arguments(task, Path.of(arguments[0], task).toString());
            boolean isSpecial = task.equals(OrphanChild.Task.COUNT_UNSTOPPABLY.name());
            links.add((isSpecial ? child.jvmOptions(OrphanChild.unstoppable()) : child)
                    .start(String.class, String.class));
        }
        for (ChildLink<String, String> link : links) {
            System.out.println(link.receive() + " " + link.process().pid());
        }
        ChildProcess command = ChildJvm.ofCommand("sleep", "1000").start();
        System.out.println("ready " + command.pid());
        Talker.awaitCue();
        System.exit(EXIT_CODE);
    }
}
