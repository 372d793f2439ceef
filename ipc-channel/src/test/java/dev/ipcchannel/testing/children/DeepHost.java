package dev.ipcchannel.testing.children;

import dev.ipcchannel.child.ChildJvm;
import dev.ipcchannel.child.ChildProcess;

/// A host that starts a program that does nothing, down to the level of its argument, if it has
/// one, and prints the result.
public final class DeepHost {

    private DeepHost() {}

    public static void main(String[] arguments) {
        ChildJvm child = ChildJvm.ofCommand("true");
        try (ChildProcess _ = (arguments.length == 0 ? child
                : child.maxLevels(Integer.parseInt(arguments[0]))).start()) {
            System.out.println("started");
        } catch (IllegalStateException refused) {
            System.out.println(refused.getMessage());
        }
    }
}
