package dev.ipcchannel.torture.codecs;

import com.code_intelligence.jazzer.junit.FuzzTest;

/// The readers of bytes of another process, given any. As tests they read the kept inputs, in
/// `CodecFuzzTestInputs` below the resources; with `JAZZER_FUZZ=1` one of them is fuzzed, and what
/// is found goes there.
class CodecFuzzTest {

    @FuzzTest(maxDuration = "5m")
    void binaryMessage(byte[] bytes) {
        Subjects.binary(bytes);
    }

    @FuzzTest(maxDuration = "5m")
    void jsonMessage(byte[] bytes) {
        Subjects.json(bytes);
    }

    @FuzzTest(maxDuration = "5m")
    void descriptionOfAType(byte[] bytes) {
        Subjects.description(bytes);
    }
}
