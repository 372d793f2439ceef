package dev.ipcchannel.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/// The orders that a child of a test gets by its standard input: a line each, answered by a line
/// ([ChildJvm#ask]).
public final class Orders {

    /// The answer of a child that takes orders now.
    public static final String UP = "up";

    /// The action of a child for an order.
    @FunctionalInterface
    public interface Deed {

        /// Runs the order.
        ///
        /// @param words of the order
        /// @return the answer
        String run(String[] words) throws Exception;
    }

    private Orders() {}

    /// Prints that this child is up, then runs orders until the end of its input.
    public static void take(Deed deed) throws IOException {
        System.out.println(UP);
        BufferedReader orders = new BufferedReader(
                new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String order = orders.readLine(); order != null; order = orders.readLine()) {
            System.out.println(answer(deed, order.split(" ")));
        }
    }

    private static String answer(Deed deed, String[] order) {
        try {
            return deed.run(order);
        } catch (Exception | InternalError failure) { // for the test to judge
            return failure.getClass().getSimpleName() + ": " + failure.getMessage();
        }
    }
}
