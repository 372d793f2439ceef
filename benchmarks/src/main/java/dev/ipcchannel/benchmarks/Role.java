package dev.ipcchannel.benchmarks;

/// The two processes of a contender, and the processor that each is tied to.
enum Role {

    /// Sends first.
    LEAD("0"),

    /// Answers, or listens.
    FOLLOW("1");

    private final String processor;

    Role(String processor) {
        this.processor = processor;
    }

    String processor() {
        return processor;
    }
}
