package dev.ipcchannel.internal.rendezvous;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The caller of `System.exit`, as it is found in the stacks of a JVM that goes down.
@Timeout(30)
class ExitNoticeTest {

    private static final StackTraceElement WAIT = frame("java.lang.Thread", "join");
    private static final StackTraceElement RUNTIME = frame("java.lang.Runtime", "exit");
    private static final StackTraceElement SYSTEM = frame("java.lang.System", "exit");
    private static final StackTraceElement JOB = frame("app.Job", "exit");

    private static StackTraceElement frame(String type, String method) {
        return new StackTraceElement(type, method, "File.java", 7);
    }

    private static StackTraceElement[] stack(StackTraceElement... frames) {
        return frames;
    }

    @Test
    void callerIsBelowTheJdksFrames() {
        assertThat(ExitNotice.caller(List.of(stack(), stack(WAIT), stack(WAIT, JOB),
                stack(WAIT, RUNTIME, SYSTEM, JOB)))).isEqualTo("app.Job.exit(File.java:7)");
        assertThat(ExitNotice.caller(List.<StackTraceElement[]>of(stack(RUNTIME, JOB))))
                .isEqualTo("app.Job.exit(File.java:7)");
    }

    @Test
    void endWithoutACallHasNoCaller() {
        assertThat(ExitNotice.caller(List.of(stack(WAIT), stack(JOB)))).isNull();
        assertThat(ExitNotice.caller(List.<StackTraceElement[]>of(
                stack(frame("java.lang.Shutdown", "exit"), JOB)))).isNull();
    }

    @Test
    void librarysOwnExitAfterItsParentIsNone() {
        assertThat(ExitNotice.caller(List.<StackTraceElement[]>of(stack(RUNTIME, SYSTEM,
                frame("dev.ipcchannel.internal.rendezvous.ParentProcess", "exit"))))).isNull();
    }
}
