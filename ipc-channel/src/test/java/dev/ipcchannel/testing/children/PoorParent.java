package dev.ipcchannel.testing.children;

import dev.ipcchannel.ResourceExhausted;
import dev.ipcchannel.child.ChildJvm;
import java.io.FileInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/// A parent that opens all the files that it may, then starts a child that needs a free port and
/// one that does not, and prints the results.
public final class PoorParent {

    private PoorParent() {}

    public static void main(String[] arguments) throws IOException, ClassNotFoundException {
        Talker.loadLibrary();
        ChildJvm command = ChildJvm.ofCommand("true");
        ChildJvm debugged = ChildJvm.of(EchoChild.class).debug();
        command.start().close(); // loads what the JDK needs, as the next line does
        new ServerSocket(0, 1, InetAddress.getLoopbackAddress()).close();
        List<FileInputStream> files = new ArrayList<>();
        try {
            while (true) {
                files.add(new FileInputStream("/dev/null"));
            }
        } catch (IOException _) {
            // That was the last one.
        }
        List<String> said = List.of(start(command), start(debugged));
        for (FileInputStream file : files) {
            file.close();
        }
        said.forEach(System.out::println);
    }

    private static String start(ChildJvm child) {
        try {
            child.start().close();
            return "started";
        } catch (ResourceExhausted failure) {
            return failure.getClass().getSimpleName() + ": " + failure.getMessage();
        }
    }
}
