package dev.ipcchannel.torture.codecs;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;

/// A sealed type whose cases use everything that a codec knows.
sealed interface Thing {

    /// A case that is not a record.
    enum Colour implements Thing {
        RED, GREEN, BLUE
    }

    /// A case with all primitives, and numbers of any length.
    record Numbers(boolean bool, byte i8, short i16, char letter, int i32, long i64, float f32,
            double f64, BigInteger whole, BigDecimal decimal, OptionalInt perhaps)
            implements Thing {}

    /// A case with the types whose encoding is a text.
    record Texts(String text, URI address, UUID id, ZoneId zone, ZonedDateTime time)
            implements Thing {}

    /// A case with the types of time.
    record Times(Instant instant, Duration duration, LocalDate date, LocalTime time,
            LocalDateTime both, OffsetDateTime there, ZoneOffset offset, Year year, YearMonth month,
            MonthDay day, Period period) implements Thing {}

    /// A case with arrays.
    @SuppressWarnings("ArrayRecordComponent") // a subject of the storm; never compared
    record Arrays(byte[] bytes, int[] numbers, boolean[] flags, double[] fractions,
            String[][] names) implements Thing {}

    /// A case with hash tables of texts, records and sets.
    record Tables(Map<String, Integer> byName, Map<Spot, Thing> bySpot, Set<Colour> colours,
            Set<Set<Spot>> crowds, Map<Double, List<Thing>> byNumber) implements Thing {}

    /// A case that contains things, any number of times.
    record Box(Optional<Thing> one, List<Thing> many) implements Thing {}
}
