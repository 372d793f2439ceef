package dev.ipcchannel.testing.children;

import dev.ipcchannel.IpcException;
import dev.ipcchannel.Link;
import dev.ipcchannel.child.ChildJvm;
import dev.ipcchannel.child.ChildLink;
import dev.ipcchannel.child.Output;
import java.util.Arrays;

/// A parent that starts children with many words and with a long word, and prints the result of
/// each.
public final class LongWordsParent {

    private static final int MANY = 100;

    private LongWordsParent() {}

    public static void main(String[] arguments) throws InterruptedException {
        if (ChildJvm.isChild()) {
            try (Link<String, String> parent = ChildJvm.parent(String.class, String.class)) {
                parent.send(arguments.length + " words, the last of " + arguments[arguments.length
                        - 1].length());
            }
            return;
        }
        String[] many = new String[MANY];
        Arrays.fill(many, "x".repeat(1000));
        start(many);
        start("x".repeat(200_000));
    }

    private static void start(String... words) throws InterruptedException {
        ChildJvm child = ChildJvm.of(LongWordsParent.class).arguments(words)
                .output(Output.capture());
        try (ChildLink<String, String> link = child.start(String.class, String.class)) {
            System.out.println(link.receive());
        } catch (IpcException failure) {
            System.out.println(failure.getClass().getSimpleName() + ": " + failure.getMessage());
        }
    }
}
