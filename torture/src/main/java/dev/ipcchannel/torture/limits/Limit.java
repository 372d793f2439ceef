package dev.ipcchannel.torture.limits;

import dev.ipcchannel.torture.Findings;
import java.io.IOException;
import java.nio.file.Path;

/// A resource that a process can run out of, with the code by which a child uses it up.
interface Limit {

    /// Uses the resource up.
    ///
    /// @throws Exception of any kind: it is reported as a fault
    void run(Findings findings) throws Exception;

    /// Runs `limit` in this child and writes its findings.
    ///
    /// @param file for the findings, the child's first argument
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
