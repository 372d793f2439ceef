package dev.ipcchannel.torture.limits;

import dev.ipcchannel.torture.Findings;
import java.io.IOException;
import java.nio.file.Path;

/// One thing that a process can run out of, tried by a child: what its main does with it.
interface Limit {

    /// Tries it.
    ///
    /// @throws Exception as it likes: it is reported as a fault
    void run(Findings findings) throws Exception;

    /// Runs `limit` in this child and writes what it found.
    ///
    /// @param file where to, the child's first argument
    static void main(String file, Limit limit) throws IOException {
        Findings findings = new Findings();
        try {
            limit.run(findings);
        } catch (Exception | Error failure) {
            findings.fault("a limit's trial failed", failure);
        }
        findings.write(Path.of(file));
        System.exit(0);
    }
}
