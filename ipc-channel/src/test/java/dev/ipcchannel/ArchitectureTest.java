package dev.ipcchannel;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The arrows between the packages go one way, and some doors of the JDK stay shut.
///
/// ```text
///     dev.ipcchannel.worker ──► internal.rendezvous, internal.posix, internal.codec
///            │
///            ▼
///     dev.ipcchannel.call
///            │
///            ▼
///     dev.ipcchannel ──► internal.rendezvous ──► internal.lane ──► internal.ring
///            │                            └──────────┴──────────► internal.posix
///            ├─────────► internal.codec ──► gson
///            └─────────► internal.flight ──► jdk.jfr, where internal.lane leads as well
/// ```
///
/// On `internal.base` all of them may stand.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ArchitectureTest {

    private static final String API = "dev.ipcchannel";
    private static final String CALL = "dev.ipcchannel.call";
    private static final String WORKER = "dev.ipcchannel.worker";
    private static final String RENDEZVOUS = "dev.ipcchannel.internal.rendezvous";
    private static final String LANE = "dev.ipcchannel.internal.lane";
    private static final String BASE = "dev.ipcchannel.internal.base";
    private static final String RING = "dev.ipcchannel.internal.ring";
    private static final String POSIX = "dev.ipcchannel.internal.posix";
    private static final String CODEC = "dev.ipcchannel.internal.codec";
    private static final String FLIGHT = "dev.ipcchannel.internal.flight";
    private static final String JDK = "java..";
    private static final String JFR = "jdk.jfr";
    private static final String GSON = "com.google.gson..";
    private static final String ANNOTATIONS = "org.jspecify.annotations";

    private static final JavaClasses LIBRARY = new ClassFileImporter()
            .importUrl(Channel.class.getProtectionDomain().getCodeSource().getLocation());

    @Test
    void everyPackageHasItsPlace() {
        assertThat(LIBRARY.stream().map(JavaClass::getPackageName)
                .filter(name -> name.startsWith(API)).distinct())
                .containsExactlyInAnyOrder(API, CALL, WORKER, RENDEZVOUS, LANE, RING, POSIX, CODEC,
                        FLIGHT, BASE);
    }

    @Test
    void baseStandsAlone() {
        assertUsesOnly(BASE);
    }

    @Test
    void posixStandsAlone() {
        assertUsesOnly(POSIX);
    }

    @Test
    void ringStandsAlone() {
        assertUsesOnly(RING);
    }

    @Test
    void codecStandsAloneButForGsonsStreams() {
        assertUsesOnly(CODEC, GSON);
        check(noClasses().should()
                .dependOnClassesThat(resideInAPackage("com.google.gson.reflect..")));
        check(noClasses().should().dependOnClassesThat().belongToAnyOf(Gson.class));
    }

    @Test
    void flightStandsAloneButForTheRecorderWhichNobodyElseKnows() {
        assertUsesOnly(FLIGHT, JFR);
        check(noClasses().that(not(resideInAPackage(FLIGHT)))
                .should().dependOnClassesThat(resideInAPackage("jdk.jfr..")));
    }

    @Test
    void onlyTheRoomWithTheBoundLogs() {
        check(noClasses().that(not(resideInAPackage(BASE)))
                .should().dependOnClassesThat()
                .belongToAnyOf(System.Logger.class, java.util.logging.Logger.class));
    }

    @Test
    void laneStandsOnRingPosixAndFlight() {
        assertUsesOnly(LANE, RING, POSIX, FLIGHT);
    }

    @Test
    void rendezvousStandsOnLaneAndPosix() {
        assertUsesOnly(RENDEZVOUS, LANE, POSIX);
    }

    @Test
    void apiStandsOnTheInnerRoomsAndOnNothingElse() {
        assertUsesOnly(API, RENDEZVOUS, LANE, RING, POSIX, CODEC, FLIGHT);
    }

    @Test
    void callStandsOnTheApiAlone() {
        assertUsesOnly(CALL, API);
    }

    @Test
    void workerStandsOnTheApiCallsAndWhatStartsAndMeetsProcesses() {
        assertUsesOnly(WORKER, API, CALL, RENDEZVOUS, POSIX, CODEC); // what types differ in
    }

    @Test
    void onlyPosixCallsNativeFunctions() {
        check(noClasses().that(not(resideInAPackage(POSIX)))
                .should().dependOnClassesThat().belongToAnyOf(Linker.class, SymbolLookup.class));
    }

    @Test
    void onlyOneClassLinksAndOnlyOneTurnsAddressesIntoMemory() {
        check(noClasses().that().doNotHaveFullyQualifiedName(POSIX + ".Native")
                .should().dependOnClassesThat().belongToAnyOf(Linker.class));
        check(noClasses().that().doNotHaveFullyQualifiedName(POSIX + ".SharedMemory")
                .should().callMethodWhere(new DescribedPredicate<>(
                        "MemorySegment.reinterpret") {
                    @Override
                    public boolean test(JavaMethodCall call) {
                        return call.getTargetOwner().isAssignableTo(MemorySegment.class)
                                && call.getName().equals("reinterpret");
                    }
                }));
    }

    @Test
    void nothingHiddenInTheJdkIsUsed() {
        check(noClasses().should().dependOnClassesThat(
                resideInAnyPackage("sun..", "jdk.internal..", "com.sun..")));
    }

    @Test
    void javaSerializationIsNotUsed() {
        check(noClasses().should().dependOnClassesThat(
                assignableTo(ObjectInputStream.class)
                        .or(assignableTo(ObjectOutputStream.class))));
    }

    @Test
    void nobodySleepsAndNobodyAsksTheWallClock() {
        check(noClasses().should().callMethod(Thread.class, "sleep", long.class)
                .orShould().callMethod(Thread.class, "sleep", long.class, int.class)
                .orShould().callMethod(Thread.class, "sleep", Duration.class)
                .orShould().callMethod(System.class, "currentTimeMillis")
                .orShould().callMethod(Instant.class, "now")
                .orShould().dependOnClassesThat().belongToAnyOf(Clock.class, Date.class));
        check(noClasses().that(not(resideInAPackage(CODEC))) // which sends them
                .should().dependOnClassesThat().belongToAnyOf(Instant.class));
    }

    @Test
    void nothingStaysWithAThread() {
        check(noClasses().should().dependOnClassesThat(assignableTo(ThreadLocal.class)));
    }

    /// Asserts that `room` uses itself, these other rooms, the ground floor, the JDK and the null
    /// annotations.
    private static void assertUsesOnly(String room, String... others) {
        String[] allowed = new String[others.length + 4];
        System.arraycopy(others, 0, allowed, 4, others.length);
        allowed[0] = room;
        allowed[1] = JDK;
        allowed[2] = ANNOTATIONS;
        allowed[3] = BASE;
        check(classes().that().resideInAPackage(room)
                .should().onlyDependOnClassesThat(resideInAnyPackage(allowed)));
    }

    private static void check(ArchRule rule) {
        rule.check(LIBRARY);
    }
}
