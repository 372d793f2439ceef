package dev.ipcchannel.torture.codecs;

import com.code_intelligence.jazzer.junit.FuzzTest;

/// Fuzz tests of the code that reads bytes of another process. By default they read the kept
/// inputs, which are in `CodecFuzzTestInputs` below the resources; with `JAZZER_FUZZ=1` one of them
/// is fuzzed, and its findings are added there.
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
