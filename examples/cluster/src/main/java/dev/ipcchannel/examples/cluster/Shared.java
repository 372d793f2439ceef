package dev.ipcchannel.examples.cluster;

import dev.ipcchannel.TypeToken;
import dev.ipcchannel.cluster.ClusterOptions;
import dev.ipcchannel.launcher.Arguments;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.ParseException;

/// The options on which a node and a program that asks have to agree.
///
/// @param set the name of the set
/// @param replicas on how many servers each job is kept
/// @param ackWait after how long a job is offered again whose node is gone
record Shared(String set, int replicas, Duration ackWait) {

    static final TypeToken<CountText> JOBS = TypeToken.of(CountText.class);
    static final TypeToken<TextCount> ANSWERS = TypeToken.of(TextCount.class);

    static final Option SET = Option.builder().longOpt("set").hasArg().argName("NAME")
            .desc("the name of the set, words if not given").get();
    static final Option REPLICAS = Option.builder().longOpt("replicas").hasArg().argName("N")
            .desc("on how many servers each job is kept: 1, 3 or 5; 1 if not given").get();
    static final Option ACK_WAIT = Option.builder().longOpt("ack-wait").hasArg()
            .argName("SECONDS")
            .desc("after how long a job is offered again whose node is gone; 10 if not given")
            .get();

    private static final String USUAL_SET = "words";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final Pattern URL = Pattern.compile("(nats|tls)://[^ ]+");
    private static final int MAX_REPLICAS = 5;
    private static final int USUAL_ACK_WAIT = 10;
    private static final int MAX_ACK_WAIT = 3600;
    private static final Duration UNREACHABLE = Duration.ofSeconds(10);
    private static final Duration CANCELLED = Duration.ofSeconds(30);

    /// Reads them.
    ///
    /// @throws ParseException if one makes no sense, with one sentence that says what to do
    static Shared of(Arguments arguments) throws ParseException {
        Optional<String> set = arguments.value(SET);
        if (set.isPresent() && !NAME.matcher(set.get()).matches()) {
            throw arguments.refusal(SET, "1 to 64 letters, digits, - and _");
        }
        int replicas = arguments.number(REPLICAS, 1, MAX_REPLICAS, 1);
        if (replicas % 2 == 0) {
            throw arguments.refusal(REPLICAS, "1, 3 or 5");
        }
        return new Shared(set.orElse(USUAL_SET), replicas, Duration
                .ofSeconds(arguments.number(ACK_WAIT, 1, MAX_ACK_WAIT, USUAL_ACK_WAIT)));
    }

    /// Whether it is one URL of a server or more, with commas between.
    static boolean isUrl(String text) {
        for (String url : text.split(",", -1)) {
            if (!URL.matcher(url).matches()) {
                return false;
            }
        }
        return true;
    }

    ClusterOptions at(String url) {
        return ClusterOptions.of(url).withReplicas(replicas).withAckWait(ackWait)
                .withAbsence(UNREACHABLE.compareTo(ackWait) < 0 ? ackWait : UNREACHABLE,
                        CANCELLED);
    }
}
