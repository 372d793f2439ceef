package dev.ipcchannel.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Tests of the report of a storm: a storm that hits nothing has failed.
@Timeout(60)
class FindingsTest {

    private final Findings findings = new Findings();

    @Test
    void aimThatWasNeverHitIsAFault() {
        findings.aim("kills while asleep");
        findings.aim("kills in a claim");
        findings.count("kills in a claim");

        assertThat(findings.isAimMissing()).isTrue();
        findings.checkAims();
        assertThat(findings.faultCount()).isEqualTo(1);
        assertThat(findings.faults()).singleElement().asString().contains("kills while asleep");
    }

    @Test
    void aimOfAPartThatWasLeftOutNeedNotBeHit() {
        findings.aim("strace: EINTR");
        findings.leftOut("strace", "there is no strace on the PATH");

        findings.checkAims();
        assertThat(findings.faultCount()).isZero();
    }

    @Test
    void callWithinWhatItMayWaitIsNotSlow() {
        findings.noteCall("receive", Duration.ofMillis(20));
        findings.noteCall("close", Duration.ofMillis(700));
        findings.noteCall("close", Duration.ofMillis(300));

        assertThat(findings.slowCalls().calls()).isEqualTo(3);
        assertThat(findings.slowCalls().worst())
                .containsExactly(Map.entry("close", Duration.ofMillis(700)));
        assertThat(findings.slowCalls().line())
                .isEqualTo("1 of 256 ms or more, 1 of 512 ms or more of 3 calls that were timed;"
                        + " the worst: close 700 ms");
    }

    @Test
    void whatAChildHasWrittenIsAdded(@TempDir Path folder) throws Exception {
        Findings child = new Findings();
        child.count("messages", 7);
        child.fault("a message\nwas torn");
        child.leftOut("cgroup", "no rights");
        child.noteCall("close", Duration.ofMillis(900));
        child.write(folder.resolve("child"));

        findings.count("messages", 1);
        findings.read(folder.resolve("child"));

        assertThat(findings.counts()).containsEntry("messages", 8L);
        assertThat(findings.faults()).containsExactly("a message was torn");
        assertThat(findings.leftOut()).containsEntry("cgroup", "no rights");
        assertThat(findings.slowCalls().worst()).containsEntry("close", Duration.ofMillis(900));
        assertThat(findings.slowCalls().calls()).isEqualTo(1);
    }
}
