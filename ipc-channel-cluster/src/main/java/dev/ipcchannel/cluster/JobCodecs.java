package dev.ipcchannel.cluster;

import dev.ipcchannel.Codec;
import dev.ipcchannel.TypeToken;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// The codecs of a set's types.
///
/// @param jobs for the jobs' data
/// @param answers for the answers
/// @param <Q> the type of the jobs' data
/// @param <R> the type of the answers
record JobCodecs<Q, R>(Codec<Q> jobs, Codec<R> answers) {

    private static final int FINGERPRINT_BYTES = 6;

    static <Q, R> JobCodecs<Q, R> of(TypeToken<Q> jobs, TypeToken<R> answers) {
        return new JobCodecs<>(Codec.of(jobs), Codec.of(answers));
    }

    /// Both types, for people and for a comparison.
    String description() {
        return "jobs: %s, answers: %s".formatted(jobs.description(), answers.description());
    }

    /// A few letters that differ where the types do.
    String fingerprint() {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(description().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, FINGERPRINT_BYTES);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible); // each JDK has it
        }
    }
}
