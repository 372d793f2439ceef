package dev.ipcchannel.internal.posix;

import java.lang.foreign.MemorySegment;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The charset in which a program reads its arguments and variables: the one that the C library,
/// and with it the JDK, takes from the variables for the locale.
public final class LocaleCharset {

    private static final int CODESET = 14; // nl_item
    private static final int MAX_NAME = 64; // of a charset
    private static final int MAX_LOCALE = 255;

    private static final String ALL = "LC_ALL";
    private static final String REST = "LANG";

    /// In the order of the C library's numbers; number 6 stands for all of them.
    private static final List<String> CATEGORIES = List.of("LC_CTYPE", "LC_NUMERIC", "LC_TIME",
            "LC_COLLATE", "LC_MONETARY", "LC_MESSAGES", "", "LC_PAPER", "LC_NAME", "LC_ADDRESS",
            "LC_TELEPHONE", "LC_MEASUREMENT", "LC_IDENTIFICATION");

    private static final List<String> VARIABLES =
            Stream.concat(Stream.of(ALL, REST, "LOCPATH"),
                    CATEGORIES.stream().filter(name -> !name.isEmpty())).toList();

    private LocaleCharset() {}

    /// The charset of a program with these variables.
    ///
    /// @param variables gives the value of each variable, null if it is not set
    public static Charset of(UnaryOperator<@Nullable String> variables) {
        boolean isOurs = VARIABLES.stream()
                .allMatch(name -> Objects.equals(variables.apply(name), System.getenv(name)));
        return isOurs ? FileNames.CHARSET : Charset.forName(codeset(CATEGORIES.stream()
                .map(category -> locale(category, variables)).toList()),
                StandardCharsets.US_ASCII);
    }

    /// The locale of a category: the first variable that is set decides.
    private static String locale(String category, UnaryOperator<@Nullable String> variables) {
        for (String name : Arrays.asList(ALL, category, REST)) {
            String value = name.isEmpty() ? null : variables.apply(name);
            if (value != null && !value.isEmpty()) {
                return value;
            }
        }
        return "C";
    }

    /// The C library's functions, loaded only when used: most children have this process's locale.
    private static final class Library {

        // locale_t newlocale(int category_mask, const char *locale, locale_t base);
        private static final MemorySegment NEWLOCALE = Native.symbol("newlocale");
        // char *nl_langinfo_l(nl_item item, locale_t locale);
        private static final MemorySegment NL_LANGINFO_L = Native.symbol("nl_langinfo_l");
        // char *strncpy(char *dst, const char *src, size_t dsize);
        private static final MemorySegment STRNCPY = Native.symbol("strncpy");
        // void freelocale(locale_t locobj);
        private static final MemorySegment FREELOCALE = Native.symbol("freelocale");
    }

    /// The charset for these locales. If one is not installed, the program gets none of them, and
    /// is in the C locale.
    private static String codeset(List<String> locales) {
        long locale = 0;
        try (Frame frame = Frame.borrow()) {
            for (int category = 0; category < locales.size(); category++) {
                if (CATEGORIES.get(category).isEmpty()) {
                    continue;
                }
                if (locales.get(category).length() > MAX_LOCALE) { // no locale has such a name
                    return StandardCharsets.US_ASCII.name();
                }
                long next = Native.once(frame, Library.NEWLOCALE, 1L << category,
                        frame.cString(0, locales.get(category)), locale, 0, 0, 0);
                if (next == 0) {
                    return StandardCharsets.US_ASCII.name();
                }
                locale = next; // it includes the former one
            }
            long name = Native.once(frame, Library.NL_LANGINFO_L, CODESET, locale, 0, 0, 0, 0);
            long _ = Native.once(frame, Library.STRNCPY, frame.address(0), name, MAX_NAME, 0, 0, 0);
            return frame.arguments().getString(0, StandardCharsets.US_ASCII);
        } finally {
            free(locale);
        }
    }

    private static void free(long locale) {
        if (locale != 0) {
            try (Frame frame = Frame.borrow()) {
                long _ = Native.once(frame, Library.FREELOCALE, locale, 0, 0, 0, 0, 0);
            }
        }
    }
}
