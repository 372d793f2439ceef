package dev.ipcchannel.internal.codec;

import dev.ipcchannel.internal.value.CodecException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.DateTimeException;
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

/// The binary form of values of the JDK: the numbers that they consist of, in one table to write
/// and one to read.
record JdkValueForm(JdkValue jdkValue) implements BinaryForm {

    private static final int NANOS_A_SECOND = 1_000_000_000;

    @Override
    public void encode(Object value, ByteSink sink) {
        switch (jdkValue) {
            case UNIQUE_ID -> put((UUID) value, sink);
            case BIG_INTEGER -> put((BigInteger) value, sink);
            case BIG_DECIMAL -> put((BigDecimal) value, sink);
            case RESOURCE -> sink.putString(((URI) value).toString());
            case INSTANT -> put((Instant) value, sink);
            case DURATION -> put((Duration) value, sink);
            case DATE -> put((LocalDate) value, sink);
            case TIME -> sink.putLong(((LocalTime) value).toNanoOfDay());
            case DATE_TIME -> put((LocalDateTime) value, sink);
            case OFFSET_DATE_TIME -> put((OffsetDateTime) value, sink);
            case ZONED_DATE_TIME -> put((ZonedDateTime) value, sink);
            case ZONE -> sink.putString(((ZoneId) value).getId());
            case ZONE_OFFSET -> sink.putInt(((ZoneOffset) value).getTotalSeconds());
            case YEAR -> sink.putInt(((Year) value).getValue());
            case YEAR_MONTH -> put((YearMonth) value, sink);
            case MONTH_DAY -> put((MonthDay) value, sink);
            case PERIOD -> put((Period) value, sink);
        }
    }

    private static void put(UUID id, ByteSink sink) {
        sink.putLong(id.getMostSignificantBits());
        sink.putLong(id.getLeastSignificantBits());
    }

    private static void put(BigInteger number, ByteSink sink) {
        JdkValue.checkNumber(number);
        byte[] bytes = number.toByteArray();
        sink.putVarint(bytes.length);
        sink.putBytes(bytes);
    }

    private static void put(BigDecimal number, ByteSink sink) {
        JdkValue.checkNumber(number);
        sink.putInt(number.scale());
        put(number.unscaledValue(), sink);
    }

    private static void put(Instant time, ByteSink sink) {
        sink.putLong(time.getEpochSecond());
        sink.putInt(time.getNano());
    }

    private static void put(Duration time, ByteSink sink) {
        sink.putLong(time.getSeconds());
        sink.putInt(time.getNano());
    }

    private static void put(LocalDate date, ByteSink sink) {
        sink.putInt(date.getYear());
        sink.putByte(date.getMonthValue());
        sink.putByte(date.getDayOfMonth());
    }

    private static void put(LocalDateTime time, ByteSink sink) {
        put(time.toLocalDate(), sink);
        sink.putLong(time.toLocalTime().toNanoOfDay());
    }

    private static void put(OffsetDateTime time, ByteSink sink) {
        put(time.toLocalDateTime(), sink);
        sink.putInt(time.getOffset().getTotalSeconds());
    }

    private static void put(ZonedDateTime time, ByteSink sink) {
        put(time.toOffsetDateTime(), sink);
        sink.putString(time.getZone().getId());
    }

    private static void put(YearMonth time, ByteSink sink) {
        sink.putInt(time.getYear());
        sink.putByte(time.getMonthValue());
    }

    private static void put(MonthDay time, ByteSink sink) {
        sink.putByte(time.getMonthValue());
        sink.putByte(time.getDayOfMonth());
    }

    private static void put(Period time, ByteSink sink) {
        sink.putInt(time.getYears());
        sink.putInt(time.getMonths());
        sink.putInt(time.getDays());
    }

    @Override
    public Object decode(ByteSource source) {
        try {
            return switch (jdkValue) {
                case UNIQUE_ID -> new UUID(source.getLong(), source.getLong());
                case BIG_INTEGER -> number(source);
                case BIG_DECIMAL -> decimal(source);
                case RESOURCE -> URI.create(source.getString());
                case INSTANT -> Instant.ofEpochSecond(source.getLong(), nanos(source));
                case DURATION -> Duration.ofSeconds(source.getLong(), nanos(source));
                case DATE -> date(source);
                case TIME -> LocalTime.ofNanoOfDay(source.getLong());
                case DATE_TIME -> dateTime(source);
                case OFFSET_DATE_TIME -> OffsetDateTime.of(dateTime(source), offset(source));
                case ZONED_DATE_TIME -> zoned(source);
                case ZONE -> ZoneId.of(source.getString());
                case ZONE_OFFSET -> offset(source);
                case YEAR -> Year.of(source.getInt());
                case YEAR_MONTH -> YearMonth.of(source.getInt(), source.getByte());
                case MONTH_DAY -> MonthDay.of(source.getByte(), source.getByte());
                case PERIOD -> Period.of(source.getInt(), source.getInt(), source.getInt());
            };
        } catch (DateTimeException | IllegalArgumentException | ArithmeticException wrong) {
            throw jdkValue.refused("", wrong);
        }
    }

    private static BigInteger number(ByteSource source) {
        int bytes = source.getCount(1);
        if (bytes > JdkValue.MAX_NUMBER_BYTES) {
            throw new CodecException("is too long a number: bytes=%d, limit=%d"
                    .formatted(bytes, JdkValue.MAX_NUMBER_BYTES));
        }
        return new BigInteger(source.getBytes(bytes));
    }

    private static BigDecimal decimal(ByteSource source) {
        int scale = source.getInt();
        BigDecimal number = new BigDecimal(number(source), scale);
        JdkValue.checkNumber(number);
        return number;
    }

    private static int nanos(ByteSource source) {
        int nanos = source.getInt();
        if (nanos < 0 || nanos >= NANOS_A_SECOND) {
            throw new CodecException("has nanoseconds of more than a second: nanos=" + nanos);
        }
        return nanos;
    }

    private static LocalDate date(ByteSource source) {
        return LocalDate.of(source.getInt(), source.getByte(), source.getByte());
    }

    private static LocalDateTime dateTime(ByteSource source) {
        return LocalDateTime.of(date(source), LocalTime.ofNanoOfDay(source.getLong()));
    }

    private static ZoneOffset offset(ByteSource source) {
        return ZoneOffset.ofTotalSeconds(source.getInt());
    }

    /// Reads a time, and keeps its instant if the two sides' rules for the zone differ.
    private static ZonedDateTime zoned(ByteSource source) {
        LocalDateTime time = dateTime(source);
        ZoneOffset offset = offset(source);
        return ZonedDateTime.ofInstant(time, offset, ZoneId.of(source.getString()));
    }
}
