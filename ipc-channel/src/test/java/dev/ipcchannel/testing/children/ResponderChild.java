package dev.ipcchannel.testing.children;

import dev.ipcchannel.TypeToken;
import dev.ipcchannel.call.Responder;
import dev.ipcchannel.child.ChildJvm;
import java.util.List;

/// A child that answers with the number of words until there are no more questions; it throws at an
/// empty word, and exits at an empty list.
public final class ResponderChild {

    /// Its exit code at an empty list.
    public static final int EXIT_CODE = 9;

    private ResponderChild() {}

    public static void main(String[] arguments) throws InterruptedException {
        try (Responder<List<String>, Integer> parent = ChildJvm.responder(
                new TypeToken<List<String>>() {}, TypeToken.of(Integer.class))) {
            parent.serve((words, _) -> count(words));
        }
        System.out.println("nobody asks");
    }

    private static int count(List<String> words) {
        if (words.isEmpty()) {
            Runtime.getRuntime().halt(EXIT_CODE);
        }
        if (words.contains("")) {
            throw new IllegalArgumentException("a word has letters");
        }
        return words.size();
    }
}
