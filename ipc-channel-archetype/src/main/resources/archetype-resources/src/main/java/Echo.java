package ${package};

import dev.ipcchannel.child.ChildJvm;

/// A program that starts itself once more, as its child, and talks to it.
class Echo {

    public static void main(String[] args) throws InterruptedException {
        if (ChildJvm.isChild()) {
            try (var parent = ChildJvm.parent(String.class, String.class)) {
                parent.send("Child received: " + parent.receive());
            }
            return;
        }
        try (var child = ChildJvm.of(Echo.class).start(String.class, String.class)) {
            child.send("Hello from parent");
            System.out.println(child.receive());
        }
    }
}
