package dev.ipcchannel.torture.codecs;

import dev.ipcchannel.TypeToken;
import dev.ipcchannel.internal.codec.TypeDescription;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/// The subjects of the storm and of the fuzzer, which are given bytes.
public final class Subjects {

    static final Subject THINGS = Subject.binary("things", Thing.class);
    static final Subject THINGS_IN_JSON = Subject.json("things", Thing.class);
    static final Subject CROWD = Subject.binary("a set", spotSet());
    static final Subject CROWD_IN_JSON = Subject.json("a set", spotSet());
    static final Subject NEST = Subject.binary("sets in sets", Nest.class);
    static final Subject NEST_IN_JSON = Subject.json("sets in sets", Nest.class);

    private Subjects() {}

    private static Type spotSet() {
        return new TypeToken<Set<Spot>>() {}.type();
    }

    /// Gives bytes to all readers of the binary format.
    ///
    /// @throws RuntimeException if a reader breaks a promise
    public static void binary(byte[] bytes) {
        for (Subject subject : List.of(THINGS, CROWD, NEST)) {
            Subject.Outcome _ = subject.attempt(bytes);
        }
    }

    /// Gives bytes to all readers of JSON.
    ///
    /// @throws RuntimeException if a reader breaks a promise
    public static void json(byte[] bytes) {
        for (Subject subject : List.of(THINGS_IN_JSON, CROWD_IN_JSON, NEST_IN_JSON)) {
            Subject.Outcome _ = subject.attempt(bytes);
        }
    }

    /// Compares a description with those of this process.
    ///
    /// @throws RuntimeException if the message about it is unsafe to show
    public static void description(byte[] bytes) {
        String theirs = new String(bytes, StandardCharsets.UTF_8);
        for (Subject subject : List.of(THINGS, THINGS_IN_JSON, NEST)) {
            Subject.checkShown(
                    TypeDescription.difference(subject.description(), theirs));
        }
        Subject.checkShown(TypeDescription.difference("string", theirs));
    }
}
