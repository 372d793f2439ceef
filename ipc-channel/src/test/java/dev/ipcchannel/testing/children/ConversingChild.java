package dev.ipcchannel.testing.children;

import dev.ipcchannel.IpcException;
import dev.ipcchannel.Link;
import dev.ipcchannel.call.Responder;
import dev.ipcchannel.child.ChildJvm;
import dev.ipcchannel.worker.Worker;

/// A child that begins one of the kinds of conversation, about strings, and prints its refusal.
///
/// Argument: `worker`, `responder` or `parent`.
public final class ConversingChild {

    private ConversingChild() {}

    public static void main(String[] arguments) throws InterruptedException {
        try {
            converse(arguments[0]);
        } catch (IpcException refused) {
            System.err.println(refused);
            System.exit(1);
        }
    }

    private static void converse(String what) throws InterruptedException {
        switch (what) {
            case "worker" -> Worker.serve(String.class, String.class, word -> word);
            case "responder" -> {
                try (Responder<String, String> parent =
                        ChildJvm.responder(String.class, String.class)) {
                    parent.serve((word, _) -> word);
                }
            }
            case "parent" -> {
                try (Link<String, String> parent = ChildJvm.parent(String.class, String.class)) {
                    parent.send(parent.receive());
                }
            }
            default -> throw new IllegalArgumentException(what);
        }
    }
}
