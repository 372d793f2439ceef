package dev.ipcchannel.examples.broadcast;

import java.util.Arrays;
import java.util.Optional;

/// The programs that there are, and how long each pauses by itself.
enum Program {

    HELLO_SENDER("hello-sender", 0),
    HELLO_RECEIVER("hello-receiver", 0),
    SEND("send", 0),
    RECEIVE("receive", 0),
    PRODUCER("producer", 100),
    CONSUMER("consumer", 0),
    BROADCASTER("broadcaster", 0),
    RECEIVER("receiver", 0),
    ERRORS("errors", 0),
    NON_BLOCKING("non-blocking", 0),
    SELF_TEST("self-test", 500);

    private final String word;
    private final int pause; // milliseconds

    Program(String word, int pause) {
        this.word = word;
        this.pause = pause;
    }

    /// What it is called on the command line.
    String word() {
        return word;
    }

    int pause() {
        return pause;
    }

    static Optional<Program> of(String word) {
        return Arrays.stream(values()).filter(program -> program.word.equals(word)).findFirst();
    }

    static String words() {
        return String.join(", ", Arrays.stream(values()).map(Program::word).toList());
    }
}
