package dev.ipcchannel.testing.children;

import dev.ipcchannel.Link;
import dev.ipcchannel.child.ChildJvm;
import java.util.List;

/// A child that sends three words and exits; the last word is the one that it received before.
public final class WordsChild {

    private WordsChild() {}

    public static void main(String[] arguments) throws InterruptedException {
        try (Link<String, String> parent = ChildJvm.parent(String.class, String.class)) {
            for (String word : List.of("one", "two", parent.receive())) {
                parent.send(word);
            }
        }
    }
}
