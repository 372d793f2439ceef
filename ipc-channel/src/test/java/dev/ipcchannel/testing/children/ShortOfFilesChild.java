package dev.ipcchannel.testing.children;

import dev.ipcchannel.ResourceExhausted;
import dev.ipcchannel.named.NamedDirectory;
import dev.ipcchannel.named.NamedReceiver;
import dev.ipcchannel.named.NamedSender;
import java.io.FileInputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/// A child that opens a name with 0, 1, 2, … descriptors left, until it succeeds, and prints each
/// different failure once; then opens it normally.
///
/// It has opened names before, so the classes of failures are loaded and lasting resources exist.
public final class ShortOfFilesChild {

    /// Printed when nothing fails any more.
    public static final String DONE = "done";

    private ShortOfFilesChild() {}

    public static void main(String[] arguments) throws Exception {
        open();
        String last = "";
        for (int left = 0;; left++) {
            String said = openWith(left);
            if (said.isEmpty()) {
                break;
            }
            if (!said.equals(last)) {
                System.out.println(said);
                last = said;
            }
        }
        open();
        System.out.println(NamedDirectory.list().size() + " " + DONE);
    }

    private static void open() throws InterruptedException {
        try (NamedReceiver<String> receiver = NamedReceiver.open("words", String.class);
                NamedSender<String> sender = NamedSender.open("words", String.class)) {
            sender.send("hello");
            String _ = receiver.receive();
        }
    }

    private static String openWith(int left) throws Exception {
        Deque<FileInputStream> files = new ArrayDeque<>();
        try {
            while (true) {
                files.push(new FileInputStream("/dev/null"));
            }
        } catch (IOException _) { // no more
            for (int i = 0; i < left; i++) {
                files.pop().close();
            }
            try (NamedReceiver<String> _ = NamedReceiver.open("words", String.class)) {
                return "";
            } catch (ResourceExhausted expected) {
                return String.valueOf(expected.getMessage());
            }
        } finally {
            for (FileInputStream file : files) {
                file.close();
            }
        }
    }
}
