package dev.ipcchannel.internal.codec;

import dev.ipcchannel.internal.base.Printable;
import dev.ipcchannel.internal.value.CodecException;
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
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The types of the JDK whose values a text gives in full.
enum JdkValue {

    UNIQUE_ID("uuid", UUID.class),
    BIG_INTEGER("biginteger", BigInteger.class),
    BIG_DECIMAL("bigdecimal", BigDecimal.class),
    RESOURCE("uri", URI.class),
    INSTANT("instant", Instant.class),
    DURATION("duration", Duration.class),
    DATE("date", LocalDate.class),
    TIME("time", LocalTime.class),
    DATE_TIME("datetime", LocalDateTime.class),
    OFFSET_DATE_TIME("offsetdatetime", OffsetDateTime.class),
    ZONED_DATE_TIME("zoneddatetime", ZonedDateTime.class),
    ZONE("zone", ZoneId.class),
    ZONE_OFFSET("zoneoffset", ZoneOffset.class),
    YEAR("year", Year.class),
    YEAR_MONTH("yearmonth", YearMonth.class),
    MONTH_DAY("monthday", MonthDay.class),
    PERIOD("period", Period.class);

    /// The length of the longest number, in bytes, without its scale.
    static final int MAX_NUMBER_BYTES = 4096;
    private static final int MAX_NUMBER_CHARS = 10_000; // the digits of 4096 bytes, and an exponent

    /// The most places after the point, and the most zeros before it: as many as digits. More would
    /// cost nothing here but, in a sum of two such numbers, all the memory there is.
    static final int MAX_SCALE = 10_000;

    private static final JdkValue[] ALL = values();

    private final String text;
    private final Class<?> type;

    JdkValue(String text, Class<?> type) {
        this.text = text;
        this.type = type;
    }

    /// The type of the class `raw`; null if there is none.
    static @Nullable JdkValue of(Class<?> raw) {
        for (JdkValue jdkValue : ALL) {
            if (raw == jdkValue.type) {
                return jdkValue;
            }
        }
        return null;
    }

    /// Its name in a description.
    String text() {
        return text;
    }

    Class<?> type() {
        return type;
    }

    /// The text of `value`, from which [#parse] makes an equal value.
    String format(Object value) {
        return switch (this) {
            case BIG_INTEGER -> {
                checkNumber((BigInteger) value);
                yield value.toString();
            }
            case BIG_DECIMAL -> {
                checkNumber((BigDecimal) value);
                yield value.toString();
            }
            // YearMonth.toString lacks the sign that parsing needs after the year 9999.
            case YEAR_MONTH ->
                    ((YearMonth) value).getYear() > 9999 ? "+" + value : value.toString();
            default -> type.cast(value).toString();
        };
    }

    static void checkNumber(BigInteger number) {
        int bytes = number.bitLength() / Byte.SIZE + 1;
        if (bytes > MAX_NUMBER_BYTES) {
            throw new CodecException("is too long a number: bytes=%d, limit=%d"
                    .formatted(bytes, MAX_NUMBER_BYTES));
        }
    }

    static void checkNumber(BigDecimal number) {
        if (Math.abs((long) number.scale()) > MAX_SCALE) {
            throw new CodecException("has too large a scale: scale=%d, limit=%d"
                    .formatted(number.scale(), MAX_SCALE));
        }
        checkNumber(number.unscaledValue());
    }

    /// Makes a value from a text of [#format].
    ///
    /// @throws CodecException if the text is not one of a value
    Object parse(String text) {
        try {
            return switch (this) {
                case UNIQUE_ID -> UUID.fromString(text);
                case BIG_INTEGER -> checked(new BigInteger(checkedLength(text)));
                case BIG_DECIMAL -> checked(new BigDecimal(checkedLength(text)));
                case RESOURCE -> URI.create(text);
                case INSTANT -> Instant.parse(text);
                case DURATION -> Duration.parse(text);
                case DATE -> LocalDate.parse(text);
                case TIME -> LocalTime.parse(text);
                case DATE_TIME -> LocalDateTime.parse(text);
                case OFFSET_DATE_TIME -> OffsetDateTime.parse(text);
                case ZONED_DATE_TIME -> ZonedDateTime.parse(text);
                case ZONE -> ZoneId.of(text);
                case ZONE_OFFSET -> ZoneOffset.of(text);
                case YEAR -> Year.of(Integer.parseInt(text));
                case YEAR_MONTH -> YearMonth.parse(text);
                case MONTH_DAY -> MonthDay.parse(text);
                case PERIOD -> Period.parse(text);
            };
        } catch (RuntimeException wrong) { // each of these classes throws another exception
            if (wrong instanceof CodecException failure) {
                throw failure;
            }
            throw refused("text=" + Printable.quoted(text), wrong);
        }
    }

    /// The exception for a text that the JDK has refused. The JDK's exception is not used alone:
    /// most of its messages have the whole text, of any length.
    ///
    /// @param what the words about the text; may be empty
    CodecException refused(String what, RuntimeException wrong) {
        return new CodecException("is no %s: %s%sreason=%s".formatted(text, what,
                what.isEmpty() ? "" : ", ", Printable.of(String.valueOf(wrong.getMessage()))));
    }

    private static String checkedLength(String text) {
        if (text.length() > MAX_NUMBER_CHARS) {
            throw new CodecException("is too long a number: chars=%d, limit=%d"
                    .formatted(text.length(), MAX_NUMBER_CHARS));
        }
        return text;
    }

    private static BigInteger checked(BigInteger number) {
        checkNumber(number);
        return number;
    }

    private static BigDecimal checked(BigDecimal number) {
        checkNumber(number);
        return number;
    }
}
