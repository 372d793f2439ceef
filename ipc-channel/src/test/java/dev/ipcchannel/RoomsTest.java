package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Limits to the size of each package and to its largest circle of types that need each other. A
/// limit only sinks: when the figure is below it, the test demands the lower figure here.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RoomsTest {

    private static final String ROOT = "dev.ipcchannel";
    private static final int MOST_TYPES = 40;

    /// The types that belong to the errors of the front.
    private static final Set<String> OF_ERRORS =
            Set.of("IpcStatus", "ChildReport", "RemoteTrace");

    /// The number of types in the largest circle of a package, if it is more than one. The errors
    /// of the front are one sealed family, which names its members.
    private static final Map<String, Integer> CIRCLES = Map.ofEntries(
            Map.entry("dev.ipcchannel", 8), Map.entry("internal.meet", 7),
            Map.entry("worker", 3), Map.entry("call", 8), Map.entry("child", 7),
            Map.entry("transport", 4), Map.entry("internal.stream", 2),
            Map.entry("internal.posix", 6),
            Map.entry("internal.codec", 3), Map.entry("zipc", 5), Map.entry("internal.send", 4),
            Map.entry("internal.launch", 3), Map.entry("internal.rendezvous", 3),
            Map.entry("internal.base", 2), Map.entry("internal.end", 2),
            Map.entry("select", 2), Map.entry("named", 2));

    private static final JavaClasses LIBRARY = new ClassFileImporter()
            .importUrl(Channel.class.getProtectionDomain().getCodeSource().getLocation());

    /// The types of each package, each with the types of the same package that it uses. A nested
    /// type counts as its outer type.
    private static Map<String, Map<String, Set<String>>> rooms() {
        Map<String, Map<String, Set<String>>> rooms = new TreeMap<>();
        for (JavaClass type : LIBRARY) {
            if (!type.getPackageName().startsWith(ROOT)
                    || type.getSimpleName().equals("package-info")) {
                continue;
            }
            String outer = outermost(type);
            Set<String> used = rooms.computeIfAbsent(room(type), _ -> new TreeMap<>())
                    .computeIfAbsent(outer, _ -> new TreeSet<>());
            Stream.concat(type.getDirectDependenciesFromSelf().stream()
                    .map(dependency -> dependency.getTargetClass().getBaseComponentType()),
                    permitted(type))
                    .filter(other -> other.getPackageName().equals(type.getPackageName()))
                    .map(RoomsTest::outermost).filter(other -> !other.equals(outer))
                    .forEach(used::add);
        }
        return rooms;
    }

    /// The permitted subtypes of a sealed type, which ArchUnit does not see.
    private static Stream<JavaClass> permitted(JavaClass type) {
        Class<?>[] named = type.reflect().getPermittedSubclasses();
        return named == null ? Stream.of() : Stream.of(named).map(LIBRARY::get);
    }

    static String room(JavaClass type) {
        String name = type.getPackageName();
        return name.equals(ROOT) ? ROOT : name.substring(ROOT.length() + 1);
    }

    private static String outermost(JavaClass type) {
        String name = type.getName().substring(type.getPackageName().length() + 1);
        int end = name.indexOf('$');
        return end < 0 ? name : name.substring(0, end);
    }

    /// Errors of the front are not counted.
    @Test
    void noPackageHasMoreTypesThanItsBound() {
        Map<String, Integer> more = new TreeMap<>();
        rooms().forEach((room, types) -> {
            long count = types.keySet().stream().filter(type -> !isError(room, type)).count();
            if (count > MOST_TYPES) {
                more.put(room, (int) count);
            }
        });
        assertThat(more).isEmpty();
    }

    private static boolean isError(String room, String type) {
        return LIBRARY.get((room.equals(ROOT) ? ROOT : ROOT + "." + room) + "." + type)
                .isAssignableTo(IpcException.class) || OF_ERRORS.contains(type);
    }

    @Test
    void largestCircleOfEachPackageIsItsBound() {
        Map<String, Integer> circles = new TreeMap<>();
        rooms().forEach((room, uses) -> {
            Map<String, Set<String>> others = new TreeMap<>(uses);
            others.keySet().removeIf(type -> isError(room, type));
            Set<String> largest = new Circles(others).largest();
            if (largest.size() > 1) {
                circles.put(room, largest.size());
                System.out.printf("the largest circle of %s: %d of %d types: %s%n", room,
                        largest.size(), uses.size(), String.join(", ", largest));
            }
        });
        assertThat(circles).isEqualTo(CIRCLES);
    }

    /// A search for the strongly connected types of a package, by Tarjan's algorithm (SIAM Journal
    /// on Computing 1, 1972), on the thread's own stack.
    private static final class Circles {

        private final Map<String, Set<String>> uses;
        private final Map<String, Integer> numbers = new HashMap<>();
        private final Map<String, Integer> lowest = new HashMap<>();
        private final Deque<String> open = new ArrayDeque<>();
        private final Set<String> isOpen = new HashSet<>();
        private final List<Set<String>> found = new ArrayList<>();

        private Circles(Map<String, Set<String>> uses) {
            this.uses = uses;
            uses.keySet().forEach(type -> {
                if (!numbers.containsKey(type)) {
                    visit(type);
                }
            });
        }

        Set<String> largest() {
            return Collections.max(found, Comparator.comparingInt(Set::size));
        }

        private void visit(String type) {
            numbers.put(type, numbers.size());
            lowest.put(type, numbers.get(type));
            open.push(type);
            isOpen.add(type);
            for (String other : uses.getOrDefault(type, Set.of())) {
                if (!numbers.containsKey(other)) {
                    visit(other);
                    lowest.merge(type, lowest.get(other), Math::min);
                } else if (isOpen.contains(other)) {
                    lowest.merge(type, numbers.get(other), Math::min);
                }
            }
            if (lowest.get(type).equals(numbers.get(type))) {
                Set<String> circle = new TreeSet<>();
                String last;
                do {
                    last = open.pop();
                    isOpen.remove(last);
                    circle.add(last);
                } while (!last.equals(type));
                found.add(circle);
            }
        }
    }
}
