package dev.ipcchannel.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.Channel;
import dev.ipcchannel.Codec;
import dev.ipcchannel.OpaqueReceiver;
import dev.ipcchannel.TypeMismatch;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.call.Reply;
import dev.ipcchannel.call.Request;
import dev.ipcchannel.worker.SetMessages;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The sentences about types that differ, with the user's names.
@Timeout(60)
class LinkTypesTest {

    record Work(String file, int from, int to) {}

    record Newer(String file, int from, long to, String note) {}

    record Counts(List<Integer> counts) {}

    record Long1(String a23456789, String b23456789, String c23456789, String d23456789,
            String e23456789, String f23456789, String g23456789, String h23456789, int last) {}

    record Long2(String a23456789, String b23456789, String c23456789, String d23456789,
            String e23456789, String f23456789, String g23456789, String h23456789, long last) {}

    private static final String PREFIX =
            "the child means other types than this program: child=App: ";

    private static final String OTHER_KIND =
            "the child has begun another conversation than this program: child=App: the child was"
                    + " started by ";

    private static final SetMessages JOBS = SetMessages.of(Work.class, Counts.class);
    private static final LinkTypes SET = LinkTypes.of(JOBS.requests(), JOBS.replies());

    /// The sentence for a receiver of a channel of `theirs` that is used as one of `mine`.
    private static String sentence(LinkTypes types, TypeToken<?> mine, TypeToken<?> theirs) {
        try (Channel<?> channel = Channel.create(Codec.of(theirs));
                OpaqueReceiver receiver = channel.receiver().erase()) {
            TypeMismatch mismatch = Assertions.catchThrowableOfType(TypeMismatch.class,
                    () -> receiver.as(Codec.of(mine)));
            return String.valueOf(types.of(mismatch, "App").getMessage());
        }
    }

    @Test
    void recordsWithinAMethodHaveTheNamesOfTheirCode() {
        record Local(int value) {}
        record Other(long value) {}
        SetMessages here = SetMessages.of(Local.class, String.class);

        assertThat(sentence(LinkTypes.of(here.requests(), here.replies()), here.requests(),
                SetMessages.of(Other.class, String.class).requests())).isEqualTo(PREFIX
                        + "jobs: Local.value: int here, long in the worker:"
                        + " give both sides the same one");
    }

    @Test
    void componentsOfJobsAndAnswersAreNamedByTheirRecords() {
        SetMessages worker = SetMessages.of(Newer.class, String.class);

        assertThat(sentence(SET, JOBS.requests(), worker.requests())).isEqualTo(PREFIX
                + "jobs: Work.to: int here, long in the worker; Work.note: only in the worker:"
                + " give both sides the same one");
        assertThat(sentence(SET, JOBS.replies(), worker.replies())).isEqualTo(PREFIX
                + "answers: Counts here, String in the worker: give both sides the same one");
    }

    @Test
    void classesTheWrongWayRoundAreNoticed() {
        SetMessages worker = SetMessages.of(Counts.class, Work.class);
        LinkTypes link = LinkTypes.of(TypeToken.of(Work.class), TypeToken.of(Counts.class));

        assertThat(sentence(SET, JOBS.requests(), worker.requests())).isEqualTo(PREFIX
                + "jobs: Work.file: only here; Work.from: only here; Work.to: only here;"
                + " Work.counts: only in the worker: give both sides the same one;"
                + " are the two classes the wrong way round?");
        assertThat(sentence(link, TypeToken.of(Work.class), TypeToken.of(Counts.class)))
                .startsWith(PREFIX + "what goes to the child: Work.file: only here")
                .endsWith("; are the two classes the wrong way round?");
    }

    /// An end of a channel carries no more than the beginning of such types.
    @Test
    void longTypesAreNamedAsFarAsTheyGo() {
        SetMessages mine = SetMessages.of(Long1.class, String.class);

        assertThat(sentence(LinkTypes.of(mine.requests(), mine.replies()), mine.requests(),
                SetMessages.of(Long2.class, String.class).requests())).isEqualTo(PREFIX
                        + "jobs: Long1.last: int here, long in the worker: give both sides the"
                        + " same one");
    }

    @Test
    void workerIsDistinguishedFromAnotherChild() {
        LinkTypes link = LinkTypes.of(TypeToken.of(Work.class), TypeToken.of(Counts.class));

        assertThat(sentence(link, TypeToken.of(Work.class), JOBS.requests())).isEqualTo(
                OTHER_KIND + "ChildJvm.start and has called Worker.serve or Worker.connect: have it"
                        + " call ChildJvm.parent, or start it by a WorkerSet");
        assertThat(sentence(SET, JOBS.replies(), TypeToken.of(String.class))).isEqualTo(
                OTHER_KIND + "a WorkerSet and has called ChildJvm.parent: have it call Worker.serve"
                        + " or Worker.connect, or start it by ChildJvm.start");
    }

    @Test
    void callsAreNamedByQuestionsAndAnswers() {
        TypeToken<Request<Work>> questions = new TypeToken<>() {};
        TypeToken<Reply<List<Counts>>> answers = new TypeToken<>() {};
        LinkTypes calls = LinkTypes.of(questions, answers);

        assertThat(sentence(calls, questions, new TypeToken<Request<Integer>>() {}))
                .isEqualTo(PREFIX
                        + "questions: Work here, Integer in the child: give both sides the same"
                        + " one");
        assertThat(sentence(calls, answers, new TypeToken<Reply<Integer>>() {})).isEqualTo(PREFIX
                + "answers: List<Counts> here, Integer in the child: give both sides the same one");
    }

    @Test
    void mismatchOfSomethingElseStaysAsItIs() {
        TypeMismatch other = new TypeMismatch("something else", "binary:i8", "binary:i16");

        assertThat(SET.of(other, "App")).isSameAs(other);
    }
}
