package dev.ipcchannel.testing.children;

import dev.ipcchannel.call.Exchange;
import dev.ipcchannel.named.NamedReceiver;
import dev.ipcchannel.named.NamedService;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A child that serves "clerks" until its cue, then finishes its open calls. Its argument is its
/// own name.
public final class ServingChild {

    /// The service.
    public static final String NAME = "clerks";

    /// The question that is answered with the server's name.
    public static final String ASK_PID = "who";

    /// The question that is never answered; the server prints when it is begun and when it is
    /// interrupted.
    public static final String WAIT = "wait";

    /// The question that is answered as [#ASK_PID] once a word has come by the channel of this
    /// name.
    public static final String HOLD = "hold";

    /// The question that is answered in parts: so many numbers.
    public static final String COUNT = "count ";

    /// Printed for [#WAIT].
    public static final String BEGUN = "begun";

    /// Printed for [#WAIT].
    public static final String INTERRUPTED = "interrupted";

    private static final Duration GRACE = Duration.ofSeconds(40);

    private final String name;
    private final NamedReceiver<String> words;

    private ServingChild(String name, NamedReceiver<String> words) {
        this.name = name;
        this.words = words;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        try (NamedReceiver<String> words = NamedReceiver.open(HOLD, String.class)) {
            ServingChild child = new ServingChild(arguments[0], words);
            NamedService service =
                    NamedService.serve(NAME, String.class, String.class, child::answer);
            Talker.awaitCue();
            service.close(GRACE);
        }
    }

    private @Nullable String answer(String question, Exchange<String> call)
            throws InterruptedException {
        if (question.startsWith(COUNT)) {
            int parts = Integer.parseInt(question.substring(COUNT.length()));
            for (int i = 0; i < parts; i++) {
                call.part(Integer.toString(i));
            }
            return null;
        }
        return switch (question) {
            case ASK_PID -> name;
            case WAIT -> awaitEnd();
            case HOLD -> {
                System.out.println(BEGUN);
                String _ = words.receive();
                yield name;
            }
            default -> question;
        };
    }

    private String awaitEnd() throws InterruptedException {
        System.out.println(BEGUN);
        try {
            while (true) {
                Thread.sleep(Duration.ofDays(1));
            }
        } catch (InterruptedException interrupt) {
            System.out.println(INTERRUPTED);
            throw interrupt;
        }
    }
}
