package dev.ipcchannel.benchmarks.worker;

import com.google.gson.Gson;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/// The main class of a child that reads jobs from its standard input and answers on its standard
/// output, each a line of JSON.
public final class JsonWorker {

    private JsonWorker() {}

    /// Does jobs until its input ends.
    ///
    /// @param arguments none
    public static void main(String[] arguments) throws IOException {
        serve(JsonJob.class, JsonJob::answer);
    }

    /// Answers lines of JSON until the input ends.
    static <J> void serve(Class<J> jobs, Function<J, Object> handler) throws IOException {
        Gson gson = new Gson();
        BufferedReader in =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        BufferedWriter out = new BufferedWriter(
                new OutputStreamWriter(System.out, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            gson.toJson(handler.apply(gson.fromJson(line, jobs)), out);
            out.write('\n');
            if (!in.ready()) { // many answers in one write, while there are jobs
                out.flush();
            }
        }
    }
}
