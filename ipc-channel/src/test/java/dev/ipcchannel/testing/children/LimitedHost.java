package dev.ipcchannel.testing.children;

import dev.ipcchannel.child.ChildJvm;
import dev.ipcchannel.child.ChildLink;
import dev.ipcchannel.child.ChildProcess;
import dev.ipcchannel.child.Output;
import java.time.Duration;

/// A parent of a child with a limit of memory that uses more of a kind of memory, the first
/// argument, and prints the report; with a second argument, it waits for its own end meanwhile.
public final class LimitedHost {

    private LimitedHost() {}

    public static void main(String[] arguments) throws Exception {
        ChildJvm plan = ChildJvm.of(DevouringChild.class).memoryLimit(64 << 20).noClassArchive()
                .output(Output.capture()).errors(Output.capture());
        if (arguments.length > 1) {
            ChildLink<String, String> child = plan.arguments(arguments[0], "connect")
                    .start(String.class, String.class);
            System.out.println(child.receive() + " " + child.process().report());
            Thread.sleep(Duration.ofDays(1));
        }
        try (ChildProcess child = plan.arguments(arguments[0]).start()) {
            int _ = child.awaitExit(Duration.ofMinutes(1));
            System.out.println(child.report().toString().lines().findFirst().orElseThrow());
        }
    }
}
