package dev.ipcchannel.examples.broadcast;

import java.util.Arrays;
import java.util.Optional;

/// A program that broadcasts, with its default pause and patience.
enum Program {

    HELLO_SENDER("hello-sender", 0, 0),
    HELLO_RECEIVER("hello-receiver", 0, 0),
    SEND("send", 0, 0),
    RECEIVE("receive", 0, 5000),
    PRODUCER("producer", 100, 0),
    CONSUMER("consumer", 0, 1000),
    BROADCASTER("broadcaster", 0, 0),
    RECEIVER("receiver", 0, 0),
    ERRORS("errors", 0, 0),
    NON_BLOCKING("non-blocking", 0, 0),
    SELF_TEST("self-test", 500, 5000);

    private final String word;
    private final int pause; // milliseconds, as the next
    private final int patience;

    Program(String word, int pause, int patience) {
        this.word = word;
        this.pause = pause;
        this.patience = patience;
    }

    /// The program's name on the command line.
    String word() {
        return word;
    }

    int pause() {
        return pause;
    }

    int patience() {
        return patience;
    }

    static Optional<Program> of(String word) {
        return Arrays.stream(values()).filter(program -> program.word.equals(word)).findFirst();
    }

    static String words() {
        return String.join(", ", Arrays.stream(values()).map(Program::word).toList());
    }
}
