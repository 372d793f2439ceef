package dev.ipcchannel.testing.children;

import dev.ipcchannel.named.NamedCaller;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// A child that asks the service of [ServingChild] on several threads, and ends well if each answer
/// is right.
///
/// Its arguments are the number of threads, the number of calls of each, and the beginning of each
/// question.
public final class CallingChild {

    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private CallingChild() {}

    public static void main(String[] arguments) throws InterruptedException, ExecutionException {
        int calls = Integer.parseInt(arguments[1]);
        try (NamedCaller<String, String> caller =
                NamedCaller.open(ServingChild.NAME, String.class, String.class)) {
            List<Callable<Void>> threads = new ArrayList<>();
            for (int i = 0; i < Integer.parseInt(arguments[0]); i++) {
                String thread = arguments[2] + i + ":";
                threads.add(() -> {
                    call(caller, thread, calls);
                    return null;
                });
            }
            try (ExecutorService executor = Executors.newCachedThreadPool()) {
                for (Future<Void> thread : executor.invokeAll(threads)) {
                    Void _ = thread.get();
                }
            }
        }
    }

    private static void call(NamedCaller<String, String> caller, String thread, int calls)
            throws InterruptedException {
        for (int i = 0; i < calls; i++) {
            String question = thread + i;
            String answer = caller.call(question, PATIENCE);
            if (!answer.equals(question)) {
                throw new IllegalStateException(question + " is answered by " + answer);
            }
        }
    }
}
