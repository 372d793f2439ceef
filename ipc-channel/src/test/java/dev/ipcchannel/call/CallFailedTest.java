package dev.ipcchannel.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.ipcchannel.CallFailed;
import dev.ipcchannel.testing.Children;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The print of a failure of the other side.
@Timeout(60)
class CallFailedTest {

    private static final String MESSAGE = "the shelf is empty";

    private static String answer(String question) {
        try {
            return fetch(question);
        } catch (IllegalArgumentException wrong) {
            throw new IllegalStateException(MESSAGE, wrong);
        }
    }

    private static String fetch(String question) {
        throw new IllegalArgumentException("no such thing: " + question);
    }

    private static String deep(int depth) {
        if (depth > 0) {
            return deep(depth - 1);
        }
        throw new IllegalStateException("deep", new IllegalArgumentException("the reason"));
    }

    private static String printed(Throwable failure) {
        var text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    private static int count(String text, String part) {
        return text.split(Pattern.quote(part), -1).length - 1;
    }

    @Test
    void tracePrintsWhereTheCallerWaitedAndWhereTheHandlerFailed() {
        try (Served served = Served.inline((question, _) -> answer(question))) {
            String printed = printed(
                    catchThrowable(() -> served.caller().call("a book", Children.PATIENCE)));

            assertThat(printed).startsWith("dev.ipcchannel.CallFailed: the other side failed to"
                    + " answer: java.lang.IllegalStateException: " + MESSAGE + "\n");
            assertThat(printed).containsSubsequence("\tat ", "CallFailedTest.tracePrints",
                    "Caused by: in the process at the other side\n",
                    "\tat dev.ipcchannel.call.CallFailedTest.answer(CallFailedTest.java:",
                    "Caused by: in the process at the other side:"
                            + " java.lang.IllegalArgumentException: no such thing: a book\n",
                    "\tat dev.ipcchannel.call.CallFailedTest.fetch(CallFailedTest.java:",
                    "\tat dev.ipcchannel.call.CallFailedTest.answer(CallFailedTest.java:",
                    "\tat ...(", " more)");
            assertThat(count(printed, MESSAGE)).isEqualTo(1);
            assertThat(count(printed, IllegalStateException.class.getName())).isEqualTo(1);
            assertThat(count(printed, "CallFailedTest.fetch(")).isEqualTo(1);
            assertThat(printed).doesNotContain("Suppressed:");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void failureOfAFutureAndOfPartsShowsTheHandler(boolean isInline) throws Exception {
        try (Served served = isInline ? Served.inline((question, _) -> answer(question))
                : Served.concurrent((question, _) -> answer(question))) {
            CompletableFuture<String> future = served.caller().send("a book");
            Throwable failure = catchThrowable(future::get);

            assertThat(failure).isInstanceOf(ExecutionException.class);
            String printed = printed(failure);
            assertThat(count(printed, "CallFailedTest.fetch(")).isEqualTo(1);
            assertThat(printed).doesNotContain("receiveInBackground").doesNotContain("Suppressed");
            try (Parts<String> parts = served.caller().stream("a book")) {
                assertThat(printed(catchThrowable(parts::next)))
                        .containsSubsequence("CallFailedTest.failureOfAFuture", "Caused by: in ",
                                "CallFailedTest.answer(", "CallFailedTest.fetch(");
            }
        }
    }

    @Test
    void causeOfADeepFailureIsShownInAsManyLinesAsThereAre() {
        try (Served served = Served.inline((_, _) -> deep(1000))) {
            Throwable failure = catchThrowable(() -> served.caller().call("x"));

            assertThat(failure).isInstanceOfSatisfying(CallFailed.class, failed -> {
                assertThat(failed.remoteStack()).hasSizeLessThanOrEqualTo(RemoteFailure.MAX_STACK)
                        .anyMatch(line -> line.matches("\\.\\.\\. 9\\d\\d more"))
                        .contains("caused by java.lang.IllegalArgumentException: the reason");
                assertThat(failed.getCause()).isSameAs(failed.getCause());
            });
        }
    }

    @Test
    void causesThatGoInACircleComeToAnEnd() {
        var first = new IllegalStateException("first");
        var second = new IllegalStateException("second", first);
        first.initCause(second);

        List<String> stack = RemoteFailure.of(first).stack();

        assertThat(stack).filteredOn(line -> line.startsWith("caused by "))
                .containsExactly("caused by java.lang.IllegalStateException: second");
    }

    @Test
    void lastOfManyCausesIsShown() {
        Throwable thrown = new IllegalArgumentException("the reason");
        for (int i = 20; i > 0; i--) {
            thrown = new IllegalStateException("wrapped " + i, thrown);
        }

        List<String> stack = RemoteFailure.of(thrown).stack();

        assertThat(stack).hasSizeLessThanOrEqualTo(RemoteFailure.MAX_STACK)
                .containsSubsequence("caused by java.lang.IllegalStateException: wrapped 7",
                        "... 13 causes left out",
                        "caused by java.lang.IllegalArgumentException: the reason");
        assertThat(stack).filteredOn(line -> line.startsWith("caused by ")).hasSize(7);
    }

    @Test
    void moreCausesThanAreLookedAtAreReportedToBeLeftOut() {
        Throwable thrown = new IllegalArgumentException("the reason");
        for (int i = 200; i > 0; i--) {
            thrown = new IllegalStateException("wrapped " + i, thrown);
        }

        assertThat(RemoteFailure.of(thrown).stack()).contains("... 92 or more causes left out");
    }

    @Test
    void tenThousandCausesOfOnesOwnMakingArePrinted() {
        List<String> lines = Collections.nCopies(10_000, "caused by app.Unknown: a cup");

        assertThat(printed(new CallFailed("ValueError", "no", lines)))
                .contains("\tat ...(9936 lines left out)");
    }

    @Test
    void linesAreShownAsTheyCame() {
        CallFailed failure = new CallFailed("worker 2 (pid=7)", "ValueError", "no", List.of(
                "at java.base@25/java.lang.Thread.run(Thread.java:1474)",
                "at app//a.B$C.<init>(Unknown Source)", "at a.B.c(Native Method)", "at a.B.c(B.kt)",
                "at a.B$$Lambda/0x0000.apply(Unknown Source)",
                "File \"/srv/work.py\", line 3, in handle", "... 5 more",
                "caused by OSError: gone"));

        assertThat(printed(failure)).startsWith(
                "dev.ipcchannel.CallFailed: worker 2 (pid=7) failed to answer: ValueError: no\n")
                .endsWith("""
                        Caused by: in worker 2 (pid=7)
                        \tat java.base@25/java.lang.Thread.run(Thread.java:1474)
                        \tat app//a.B$C.<init>(Unknown Source)
                        \tat a.B.c(Native Method)
                        \tat a.B.c(B.kt)
                        \tat a.B$$Lambda/0x0000.apply(Unknown Source)
                        \tat File "/srv/work.py", line 3, in handle()
                        \tat ...(5 more)
                        Caused by: in worker 2 (pid=7): OSError: gone
                        """);
        assertThat(failure.getCause()).isNotNull().satisfies(
                cause -> assertThat(cause.getStackTrace()[0]).isEqualTo(new StackTraceElement(null,
                        "java.base@25", null, "java.lang.Thread", "run", "Thread.java", 1474)));
    }

    @Test
    void failureOfWhichNothingMoreIsKnownHasNoCause() {
        assertThat(new CallFailed("ValueError", "", List.of())).hasNoCause()
                .hasMessage("the other side failed to answer: ValueError");
    }
}
