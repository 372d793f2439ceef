package dev.ipcchannel.testing.children;

import dev.ipcchannel.child.ChildJvm;

/// A child that ends in the way that its parent asks for.
public final class EndingChild {

    private EndingChild() {}

    public static void main(String[] arguments) throws Exception {
        try (var parent = ChildJvm.parent(String.class, String.class)) {
            parent.send("ready");
            switch (parent.receive()) {
                case "exit" -> System.exit(3);
                case "halt" -> Runtime.getRuntime().halt(4);
                default -> {
                    // It returns.
                }
            }
        }
    }
}
