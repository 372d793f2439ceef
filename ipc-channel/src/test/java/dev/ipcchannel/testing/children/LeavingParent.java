package dev.ipcchannel.testing.children;

import dev.ipcchannel.child.ChildJvm;
import dev.ipcchannel.child.ChildProcess;
import dev.ipcchannel.child.Output;
import java.time.Duration;

/// A parent whose child has ended, while another process keeps the child's outputs open. It prints
/// the number of that process and exits.
public final class LeavingParent {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private LeavingParent() {}

    public static void main(String[] arguments) throws InterruptedException {
        ChildProcess child = ChildJvm.ofCommand("sh", "-c", "sleep 1000 & echo $!")
                .output(Output.capture()).errors(Output.tee("")).start();
        System.out.println(child.output().readLine(PATIENCE));
        if (child.process().waitFor() != 0) {
            throw new IllegalStateException(child.toString());
        }
    }
}
