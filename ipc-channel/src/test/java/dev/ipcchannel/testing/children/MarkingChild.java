package dev.ipcchannel.testing.children;

import static java.util.Objects.requireNonNull;

import dev.ipcchannel.Duplex;
import dev.ipcchannel.EndAccess;
import dev.ipcchannel.internal.base.Marks;

/// A child that sets its mark to the number in a message and answers with the parent's mark; after
/// the message `count` it counts the mark up until it is killed.
public final class MarkingChild {

    private MarkingChild() {}

    public static void main(String[] arguments) throws InterruptedException {
        try (Duplex<String, String> parent = Talker.connect(arguments)) {
            Marks marks = requireNonNull(EndAccess.inMarks(parent));
            long mark = 0;
            for (String order = parent.receive(); !order.equals("count"); order =
                    parent.receive()) {
                mark = Long.parseLong(order);
                marks.set(mark);
                parent.send(Long.toString(marks.other()));
            }
            while (true) {
                mark++;
                marks.set(mark);
            }
        }
    }
}
