package dev.ipcchannel.testkit;

import dev.ipcchannel.Disconnected;
import dev.ipcchannel.Link;
import dev.ipcchannel.child.ChildJvm;
import dev.ipcchannel.child.ChildLink;
import dev.ipcchannel.child.Output;
import dev.ipcchannel.worker.Worker;
import java.lang.reflect.Constructor;

/// The child of a test: makes a second instance of the test's class, and connects by its transport.
final class ContractChild {

    static final int EXIT_CODE = 7;

    /// The task of a child once it has connected.
    enum Role {
        /// Sends back what comes, until its parent has closed.
        ECHO,
        /// Sends one word and exits.
        SPEAK_AND_EXIT,
        /// Sends one word, and halts without a close.
        SPEAK_AND_HALT,
        /// Ends without a connection.
        NOT_CONNECT,
        /// Connects with other message types.
        OTHER_TYPES,
        /// Does jobs: answers each word with its length.
        WORK
    }

    private ContractChild() {}

    /// The plan for the start of a child.
    static ChildJvm plan(Contract test, Role role) {
        return ChildJvm.of(ContractChild.class)
                .arguments(test.getClass().getName(), role.name()).transport(test.transport())
                .startTimeout(Contract.PATIENCE).shortLived().noClassArchive()
                .output(Output.capture()).errors(Output.capture());
    }

    /// Starts a child.
    static ChildLink<String, String> start(Contract test, Role role)
            throws InterruptedException {
        return plan(test, role).start(Contract.TEXT, Contract.TEXT);
    }

    /// Runs the child's side of a contract.
    ///
    /// @param arguments the class of the contract, and the role
    public static void main(String[] arguments) throws Exception {
        Constructor<?> made = Class.forName(arguments[0]).getDeclaredConstructor();
        made.setAccessible(true);
        Contract test = (Contract) made.newInstance();
        switch (Role.valueOf(arguments[1])) {
            case ECHO -> echo(test);
            case SPEAK_AND_EXIT -> {
                try (Link<String, String> parent = parent(test)) {
                    parent.send("a word");
                }
            }
            case SPEAK_AND_HALT -> {
                parent(test).send("a word");
                Runtime.getRuntime().halt(EXIT_CODE);
            }
            case NOT_CONNECT -> System.exit(EXIT_CODE);
            case OTHER_TYPES -> {
                try (Link<Integer, Integer> parent = ChildJvm.parent(test.transport(),
                        Contract.NUMBER, Contract.NUMBER)) {
                    Integer _ = parent.receive();
                }
            }
            case WORK -> work(test);
        }
    }

    private static Link<String, String> parent(Contract test) throws InterruptedException {
        return ChildJvm.parent(test.transport(), Contract.TEXT, Contract.TEXT);
    }

    private static void echo(Contract test) throws InterruptedException {
        try (Link<String, String> parent = parent(test)) {
            while (true) {
                parent.send(parent.receive());
            }
        } catch (Disconnected _) {
            // the parent has closed it, or ended
        }
    }

    private static void work(Contract test) throws InterruptedException {
        try (Worker<String, Integer> worker =
                Worker.connect(test.transport(), Contract.TEXT, Contract.NUMBER)) {
            worker.serve((word, _) -> word.length());
        }
    }
}
