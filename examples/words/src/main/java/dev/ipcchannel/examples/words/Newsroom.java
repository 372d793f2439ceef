package dev.ipcchannel.examples.words;

import dev.ipcchannel.ChildReport;
import dev.ipcchannel.worker.WorkerListener;
import dev.ipcchannel.worker.WorkerSnapshot;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/// Brings the news of all threads in turn to the one that counts, so that nothing there is shared.
final class Newsroom implements WorkerListener {

    private final BlockingQueue<News> news = new LinkedBlockingQueue<>();

    /// Waits for the next news.
    News next() throws InterruptedException {
        return news.take();
    }

    /// A job has ended, in one of the two ways.
    void ended(CountWords job, @Nullable FileCount answer, @Nullable Throwable failure) {
        if (answer != null) {
            news.add(new News.Answered(job, answer));
        } else if (failure != null) {
            news.add(new News.Lost(job, failure));
        }
    }

    @Override
    public void onStarted(WorkerSnapshot worker) {
        news.add(new News.WorkerReady());
    }

    @Override
    public void onEnded(WorkerSnapshot worker, ChildReport report, boolean wasPlanned) {
        if (!wasPlanned) {
            news.add(new News.WorkerDead());
        }
    }

    @Override
    public void onGivenUp(String reason) {
        news.add(new News.GivenUp());
    }
}
