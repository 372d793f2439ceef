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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;

/// A source of random values, in which extreme values are more frequent.
final class Values {

    private static final List<String> ZONES = List.of("Europe/Berlin", "UTC", "+02:00", "Z",
            "America/St_Johns", "UTC+18:00");
    private static final List<String> TEXTS = List.of("", "a", "\u00e4\u20ac\ud83d\ude00",
            "\0\33[2J\n", "\u202e", "x".repeat(200));
    private static final List<Thing.Colour> COLOURS = List.of(Thing.Colour.values());
    private static final int MOST_DEEP = 6;

    private final SplittableRandom random;

    Values(SplittableRandom random) {
        this.random = random;
    }

    Thing thing() {
        return thing(0);
    }

    private Thing thing(int depth) {
        int cases = depth < MOST_DEEP ? 7 : 5;
        return switch (random.nextInt(cases)) {
            case 0 -> COLOURS.get(random.nextInt(COLOURS.size()));
            case 1 -> numbers();
            case 2 -> new Thing.Texts(text(), URI.create("ipc:/a?b=%20#c" + random.nextInt(9)),
                    new UUID(number(), number()), ZoneId.of(zone()),
                    ZonedDateTime.ofInstant(instant(), ZoneId.of(zone())));
            case 3 -> times();
            case 4 -> new Thing.Arrays(bytes(), ints(), new boolean[random.nextInt(5)],
                    new double[]{0.0, -0.0, Double.NaN, random.nextDouble()},
                    new String[][]{{text()}, {}});
            case 5 -> tables(depth);
            default -> new Thing.Box(
                    random.nextBoolean() ? Optional.empty() : Optional.of(thing(depth + 1)),
                    things(depth));
        };
    }

    private List<Thing> things(int depth) {
        List<Thing> things = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            things.add(thing(depth + 1));
        }
        return things;
    }

    private Thing numbers() {
        return new Thing.Numbers(random.nextBoolean(), (byte) number(), (short) number(),
                (char) ('a' + random.nextInt(26)), (int) number(), number(),
                (float) random.nextDouble(), random.nextBoolean() ? Double.NaN : number(),
                BigInteger.valueOf(number()).pow(1 + random.nextInt(20)),
                new BigDecimal(BigInteger.valueOf(number()), random.nextInt(-10_000, 10_001)),
                random.nextBoolean() ? OptionalInt.empty() : OptionalInt.of((int) number()));
    }

    private Thing times() {
        LocalDate date = LocalDate.ofEpochDay(random.nextInt(-1_000_000, 1_000_000));
        LocalTime time = LocalTime.ofNanoOfDay(random.nextLong(86_400_000_000_000L));
        ZoneOffset offset = ZoneOffset.ofTotalSeconds(random.nextInt(-64_800, 64_801));
        return new Thing.Times(instant(), Duration.ofNanos(number()), date, time,
                LocalDateTime.of(date, time), OffsetDateTime.of(date, time, offset), offset,
                Year.of(random.nextInt(-9999, 10_000)), YearMonth.from(date), MonthDay.from(date),
                Period.of(random.nextInt(99), -random.nextInt(99), 0));
    }

    private Thing tables(int depth) {
        Map<String, Integer> byName = new LinkedHashMap<>();
        Map<Spot, Thing> bySpot = new LinkedHashMap<>();
        Set<Set<Spot>> crowds = new LinkedHashSet<>();
        Map<Double, List<Thing>> byNumber = new LinkedHashMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            byName.put(text(), (int) number());
            bySpot.put(spot(), thing(depth + 1));
            crowds.add(new LinkedHashSet<>(List.of(spot())));
            byNumber.put((double) number(), things(depth + 1));
        }
        return new Thing.Tables(byName, bySpot, Set.of(Thing.Colour.RED), crowds, byNumber);
    }

    /// Spots for a set, in groups of any size that share a hash code.
    List<Spot> crowd() {
        int groups = 1 + random.nextInt(20);
        int each = 1 + random.nextInt(random.nextInt(8) == 0 ? 1500 : 100);
        List<Spot> crowd = new ArrayList<>();
        for (int group = 0; group < groups && crowd.size() < 3000; group++) {
            for (int i = 0; i < each; i++) {
                crowd.add(new Spot(i, group - 31 * i));
            }
        }
        return crowd;
    }

    /// Nested sets that differ only in their last elements.
    Nest.Listed nest() {
        if (random.nextInt(10) == 0) {
            return chain(random.nextInt(400));
        }
        int levels = 1 + random.nextInt(3);
        return tangle(levels, 1 + random.nextInt(levels == 3 ? 14 : 60), random.nextInt(2));
    }

    private Nest.Listed chain(int levels) {
        List<Spot> load = new ArrayList<>();
        for (int i = random.nextInt(5000); i > 0; i--) {
            load.add(new Spot(i, 0));
        }
        Nest.Listed nest = new Nest.Listed(List.of(), load);
        for (int i = 0; i < levels && i < 245; i++) {
            nest = new Nest.Listed(List.of(nest), List.of());
        }
        return nest;
    }

    private Nest.Listed tangle(int levels, int width, int last) {
        if (levels == 0) {
            return new Nest.Listed(List.of(), List.of(Spot.colliding(last)));
        }
        List<Nest.Listed> inner = new ArrayList<>();
        for (int i = 0; i < width; i++) {
            inner.add(tangle(levels - 1, width, i < width - 1 ? i : width + last));
        }
        return new Nest.Listed(inner, List.of());
    }

    private Spot spot() {
        return new Spot(random.nextInt(3), random.nextInt(70));
    }

    private Instant instant() {
        return Instant.ofEpochSecond(random.nextLong(-1L << 35, 1L << 35),
                random.nextInt(1_000_000_000));
    }

    private String text() {
        return TEXTS.get(random.nextInt(TEXTS.size())) + random.nextInt(10);
    }

    private String zone() {
        return ZONES.get(random.nextInt(ZONES.size()));
    }

    private byte[] bytes() {
        byte[] bytes = new byte[random.nextInt(20)];
        random.nextBytes(bytes);
        return bytes;
    }

    private int[] ints() {
        return random.ints(random.nextInt(20)).toArray();
    }

    private long number() {
        return random.nextLong() >> random.nextInt(64);
    }
}
