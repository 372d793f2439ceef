package dev.ipcchannel.torture.kills;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The part of the victim on one line: sending or receiving.
record Part(Line line, boolean isSender) {

    /// All parts.
    static List<Part> all() {
        List<Part> parts = new ArrayList<>();
        for (Line line : Line.values()) {
            parts.add(new Part(line, true));
            parts.add(new Part(line, false));
        }
        return parts;
    }

    /// The parts as an argument of a child process.
    static String toArgument(List<Part> parts) {
        return parts.stream().map(Part::threadName).collect(Collectors.joining(","));
    }

    /// The parts from such an argument.
    static List<Part> fromArgument(String argument) {
        return Stream.of(argument.split(",", -1)).map(name -> new Part(
                Line.valueOf(name.substring(2)), name.startsWith("S-"))).toList();
    }

    /// The name of the victim's thread, short enough for the kernel to keep it whole.
    String threadName() {
        return (isSender ? "S-" : "R-") + line.name();
    }

    /// The name of the count of kills in the state that the line aims at.
    String aim() {
        return "%s killed, %s: %s".formatted(isSender ? "sender" : "receiver", line.word(),
                stateAimedAt().word());
    }

    /// The state that the kill aims at.
    State stateAimedAt() {
        return switch (line) {
            case CLAIM -> isSender ? State.CLAIM_OPEN : State.IN_CALL;
            case FULL, FULL_SPILL -> isSender ? State.ASLEEP : State.BETWEEN;
            case IDLE -> isSender ? State.BETWEEN : State.ASLEEP;
            case STREAM, SPILL, ENDS, SHARED -> State.IN_CALL;
        };
    }
}
