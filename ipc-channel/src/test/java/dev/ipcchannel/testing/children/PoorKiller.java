package dev.ipcchannel.testing.children;

import dev.ipcchannel.child.ChildJvm;
import dev.ipcchannel.child.ChildProcess;
import dev.ipcchannel.child.Output;
import java.io.FileInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A program that opens all the files that it may, then ends a child, and prints the result.
public final class PoorKiller {

    private PoorKiller() {}

    public static void main(String[] arguments) throws IOException, ClassNotFoundException {
        Talker.loadLibrary();
        ChildJvm command = ChildJvm.ofCommand("sleep", "1000").grace(Duration.ZERO)
                .output(Output.capture()).errors(Output.capture());
        command.start().close(); // loads what the JDK needs
        ChildProcess child = command.start();
        List<FileInputStream> files = new ArrayList<>();
        try {
            while (true) {
                files.add(new FileInputStream("/dev/null"));
            }
        } catch (IOException _) {
            // That was the last one.
        }
        child.close();
        boolean isAlive = child.isAlive();
        for (FileInputStream file : files) {
            file.close();
        }
        System.out.println(isAlive ? "it runs" : "it has ended");
        child.close();
    }
}
