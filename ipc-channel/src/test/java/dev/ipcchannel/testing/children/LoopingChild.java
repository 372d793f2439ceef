package dev.ipcchannel.testing.children;

import dev.ipcchannel.child.ChildJvm;

/// A child that answers its parent in the plainest loop, until that closes; with the argument
/// `once`, answers once and closes its side, and stays until its standard input ends.
public final class LoopingChild {

    private LoopingChild() {}

    public static void main(String[] arguments) throws Exception {
        try (var parent = ChildJvm.parent(String.class, String.class)) {
            for (String word : parent.receiver()) {
                parent.send("you say " + word);
                if (arguments.length > 0) {
                    break;
                }
            }
        }
        if (arguments.length > 0) {
            int _ = System.in.read();
        }
    }
}
