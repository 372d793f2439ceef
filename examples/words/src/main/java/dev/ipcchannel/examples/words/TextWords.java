package dev.ipcchannel.examples.words;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The words of a text.
public final class TextWords {

    private static final Pattern WORD = Pattern.compile("\\p{L}+");

    private TextWords() {}

    /// The words in lower case, and how often each is in the text.
    ///
    /// @throws IOException if the text cannot be read to its end
    public static Map<String, Integer> of(BufferedReader text) throws IOException {
        Map<String, Integer> words = new HashMap<>();
        Matcher matcher = WORD.matcher("");
        for (String line = text.readLine(); line != null; line = text.readLine()) {
            matcher.reset(line);
            while (matcher.find()) {
                words.merge(matcher.group().toLowerCase(Locale.ROOT), 1, Integer::sum);
            }
        }
        return words;
    }
}
