package dev.ipcchannel;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noCodeUnits;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaStaticInitializer;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The rules of the architecture: dependencies between packages go one way, and some APIs of the
/// JDK are not used.
///
/// ARCHITECTURE.md has the picture. All rooms may use `internal.base`.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ArchitectureTest {

    private static final String API = "dev.ipcchannel";
    private static final String CALL = "dev.ipcchannel.call";
    private static final String TRANSPORT = "dev.ipcchannel.transport";
    private static final String CHILD = "dev.ipcchannel.child";
    private static final String WORKER = "dev.ipcchannel.worker";
    private static final String NAMED = "dev.ipcchannel.named";
    private static final String ZIPC = "dev.ipcchannel.zipc";
    private static final String SELECT = "dev.ipcchannel.select";
    private static final String TESTING = "dev.ipcchannel.testing";
    private static final String MEET = "dev.ipcchannel.internal.meet";
    private static final String PRESENCE = "dev.ipcchannel.internal.presence";
    private static final String SEND = "dev.ipcchannel.internal.send";
    private static final String RECEIVE = "dev.ipcchannel.internal.receive";
    private static final String WIRE = "dev.ipcchannel.internal.wire";
    private static final String PROCESS = "dev.ipcchannel.internal.process";
    private static final String WAIT = "dev.ipcchannel.internal.wait";
    private static final String RENDEZVOUS = "dev.ipcchannel.internal.rendezvous";
    private static final String STREAM = "dev.ipcchannel.internal.stream";
    private static final String END = "dev.ipcchannel.internal.end";
    private static final String JOB = "dev.ipcchannel.internal.job";
    private static final String LAUNCH = "dev.ipcchannel.internal.launch";
    private static final String BASE = "dev.ipcchannel.internal.base";
    private static final String RING = "dev.ipcchannel.internal.ring";
    private static final String POSIX = "dev.ipcchannel.internal.posix";
    private static final String CODEC = "dev.ipcchannel.internal.codec";
    private static final String VALUE = "dev.ipcchannel.internal.value";
    private static final String FLIGHT = "dev.ipcchannel.internal.flight";
    private static final String JDK = "java..";
    private static final String JFR = "jdk.jfr";
    private static final String GSON = "com.google.gson..";
    private static final String ANNOTATIONS = "org.jspecify.annotations";

    private static final Set<String> MAY_WAIT = Set.of("java.lang.Thread.start",
            "java.lang.Thread.join", "java.lang.Runtime.addShutdownHook",
            "java.lang.ref.Cleaner.create", "java.lang.System.getLogger",
            "java.util.ServiceLoader.load", "java.util.concurrent.locks.ReentrantLock.lock");

    private static final JavaClasses LIBRARY = new ClassFileImporter()
            .importUrl(Channel.class.getProtectionDomain().getCodeSource().getLocation());

    @Test
    void everyPackageHasItsPlace() {
        assertThat(LIBRARY.stream().map(JavaClass::getPackageName)
                .filter(name -> name.startsWith(API)).distinct())
                .containsExactlyInAnyOrder(API, CALL, TRANSPORT, CHILD, WORKER, NAMED, ZIPC, SELECT,
                        TESTING, PRESENCE, MEET, RENDEZVOUS, STREAM, LAUNCH, JOB, SEND, RECEIVE,
                        END,
                        WIRE, WAIT, PROCESS, FLIGHT, RING,
                        POSIX, CODEC, VALUE, BASE);
    }

    @Test
    void noRoomsStandInACircle() {
        check(slices().matching("dev.(**)").should().beFreeOfCycles());
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
        assertUsesOnly(CODEC, VALUE, GSON);
        check(noClasses().that().haveNameNotMatching(".*[.]Json[^.]*").should()
                .dependOnClassesThat(resideInAPackage(GSON)));
        check(noClasses().should()
                .dependOnClassesThat(resideInAPackage("com.google.gson.reflect..")));
        check(noClasses().should().dependOnClassesThat().belongToAnyOf(Gson.class));
    }

    @Test
    void flightIsUsedByTheRecorderOnlyWhichNoOtherTypeUses() {
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
    void waitStandsOnPosix() {
        assertUsesOnly(WAIT, POSIX);
    }

    @Test
    void processStandsOnPosix() {
        assertUsesOnly(PROCESS, POSIX);
    }

    @Test
    void wireStandsOnProcessRingAndPosix() {
        assertUsesOnly(WIRE, PROCESS, RING, POSIX);
    }

    @Test
    void endStandsOnWireWaitProcessRingAndPosix() {
        assertUsesOnly(END, WIRE, WAIT, PROCESS, RING, POSIX);
    }

    @Test
    void receiveStandsOnEndAndWhatThatStandsOn() {
        assertUsesOnly(RECEIVE, END, WIRE, WAIT, FLIGHT, RING, POSIX);
    }

    @Test
    void rendezvousStandsOnTheTwoWaysOfAMessage() {
        assertUsesOnly(RENDEZVOUS, SEND, RECEIVE, END, WIRE, WAIT, PROCESS, POSIX);
    }

    @Test
    void apiStandsOnTheInnerRoomsAndOnNothingElse() {
        assertUsesOnly(API, RENDEZVOUS, SEND, RECEIVE, END, WIRE, WAIT, PROCESS, RING, POSIX,
                CODEC, VALUE, FLIGHT);
    }

    @Test
    void callStandsOnTheApiAlone() {
        assertUsesOnly(CALL, API);
    }

    @Test
    void streamStandsOnRendezvousWireWaitAndPosix() {
        assertUsesOnly(STREAM, RENDEZVOUS, WIRE, WAIT, POSIX);
    }

    @Test
    void transportStandsOnTheApiAndWhatMeetsProcesses() {
        // what types differ in
        assertUsesOnly(TRANSPORT, API, RENDEZVOUS, STREAM, WIRE, PROCESS, POSIX, CODEC);
    }

    @Test
    void childStandsOnTransportCallsAndWhatStartsProcesses() {
        assertUsesOnly(CHILD, API, CALL, TRANSPORT, LAUNCH, RENDEZVOUS, WIRE, PROCESS, POSIX);
    }

    @Test
    void workerStandsOnChildrenAndCalls() {
        assertUsesOnly(WORKER, API, CALL, CHILD, TRANSPORT, JOB);
    }

    @Test
    void whatIsWrongWithAValueStandsAlone() {
        assertUsesOnly(VALUE);
    }

    @Test
    void jobsStandOnCallsTheApiAndWhatAWorkerSaysToItsParent() {
        assertUsesOnly(JOB, API, CALL, RENDEZVOUS);
    }

    /// The classes that decide for a set use no process, thread or call; other classes act on the
    /// decisions.
    @Test
    void decisionsOfASetKnowNoProcessAndNoThread() {
        check(classes().that().haveFullyQualifiedName(WORKER + ".Staffing")
                .or().haveFullyQualifiedName(WORKER + ".WorkerEvents")
                .or().haveFullyQualifiedName(WORKER + ".JobQueue")
                .or().haveFullyQualifiedName(WORKER + ".JobRecovery")
                .or().haveFullyQualifiedName(WORKER + ".Roster")
                .should().onlyDependOnClassesThat(not(resideInAnyPackage(CHILD, CALL, TRANSPORT)
                        .or(belongToAnyOf(Thread.class, Process.class,
                                ProcessHandle.class, Executor.class))
                        .or(assignableTo(ExecutorService.class)))));
    }

    @Test
    void namedStandsOnTheApiCallsAndWhatMeetsByName() {
        assertUsesOnly(NAMED, API, CALL, PRESENCE, MEET, RENDEZVOUS, SEND, RECEIVE, END, WIRE,
                POSIX);
        check(noClasses()
                .that(not(resideInAnyPackage(API, NAMED, TRANSPORT, ZIPC, SELECT, TESTING,
                        WORKER, JOB)))
                .should().dependOnClassesThat().belongToAnyOf(EndAccess.class));
    }

    @Test
    void selectStandsOnTheApiAndOnWhatCanBeSelected() {
        assertUsesOnly(SELECT, API, END, WIRE, WAIT, POSIX);
    }

    @Test
    void testingStandsOnTheApiAndOnTheEndsItMakes() {
        assertUsesOnly(TESTING, API, RENDEZVOUS, END);
    }

    @Test
    void lanesStayInTheRoomsOfTheTwoWays() {
        check(noClasses().that(not(resideInAPackage(RECEIVE)))
                .should().dependOnClassesThat()
                .haveFullyQualifiedName(RECEIVE + ".InboundLane"));
        check(noClasses().that(not(resideInAnyPackage(SEND)))
                .should().dependOnClassesThat()
                .haveFullyQualifiedName(SEND + ".OutboundLane"));
    }

    @Test
    void presenceStandsOnWhatMeetsByNameAndTheTwoWaysOfAMessage() {
        assertUsesOnly(PRESENCE, MEET, RENDEZVOUS, SEND, RECEIVE, END, WIRE, RING, POSIX);
    }

    @Test
    void zipcStandsOnTheErrorsOfTheApiWaitAndPosix() {
        assertUsesOnly(ZIPC, API, WAIT, POSIX);
        check(noClasses().that().resideInAPackage(ZIPC).should().dependOnClassesThat()
                .belongToAnyOf(Channel.class, Sender.class, Receiver.class, Codec.class));
    }

    @Test
    void meetStandsOnTheTwoWaysOfAMessageAndTheWordsForTypes() {
        assertUsesOnly(MEET, SEND, RECEIVE, END, WIRE, WAIT, POSIX, CODEC);
    }

    @Test
    void sendStandsOnEndAndWhatThatStandsOn() {
        assertUsesOnly(SEND, END, WIRE, WAIT, FLIGHT, RING, POSIX);
    }

    @Test
    void launchStandsOnRendezvousAndPosix() {
        assertUsesOnly(LAUNCH, RENDEZVOUS, POSIX);
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
    void noCodeSleepsOrReadsTheWallClock() {
        check(noClasses().should().callMethod(Thread.class, "sleep", long.class)
                .orShould().callMethod(Thread.class, "sleep", long.class, int.class)
                .orShould().callMethod(Thread.class, "sleep", Duration.class)
                .orShould().callMethod(System.class, "currentTimeMillis")
                .orShould().callMethod(Instant.class, "now")
                .orShould().dependOnClassesThat().belongToAnyOf(Clock.class, Date.class));
        // which send them, and show them
        check(noClasses().that(not(resideInAnyPackage(CODEC, NAMED)))
                .and().resideOutsideOfPackage(API + ".named") // which shows a file's time
                .should().dependOnClassesThat().belongToAnyOf(Instant.class));
    }

    @Test
    void nothingStaysWithAThread() {
        check(noClasses().should().dependOnClassesThat(assignableTo(ThreadLocal.class)));
    }

    /// These spin on memory that another process changes, and only on platform threads, see
    /// `SpinBudget`. A wait for a thread of this process must not spin: that may be a virtual
    /// thread, which waits for the carrier of the spinning one.
    @Test
    void onlyWaitsForAnotherProcessSpin() {
        check(noClasses().that().doNotHaveFullyQualifiedName(RECEIVE + ".MessageWait")
                .and().doNotHaveFullyQualifiedName(SEND + ".RoomWait")
                .and().doNotHaveFullyQualifiedName(SELECT + ".Selection")
                .should().callMethod(Thread.class, "onSpinWait")
                .orShould().callMethod(Thread.class, "yield"));
    }

    /// A park in an interrupted thread returns at once, so a loop of parks becomes a spin. These
    /// methods end with the interrupt, keep it for later, or run on threads that are never
    /// interrupted.
    @Test
    void parksAreMadeWhereAnInterruptIsSeenTo() {
        check(noClasses().that().doNotHaveFullyQualifiedName(POSIX + ".Pause")
                .and().doNotHaveFullyQualifiedName(WAIT + ".ShutdownSignal")
                .and().doNotHaveFullyQualifiedName(WAIT + ".Guard$Waiting")
                .and().doNotHaveFullyQualifiedName(WAIT + ".Sleeper$Parked")
                .and().doNotHaveFullyQualifiedName(BASE + ".Log")
                .and().doNotHaveFullyQualifiedName(CALL + ".Leadership")
                .and().doNotHaveFullyQualifiedName(CALL + ".CancelPoller")
                .and().doNotHaveFullyQualifiedName(WORKER + ".Supervisor")
                .and().doNotHaveFullyQualifiedName(TRANSPORT + ".UnixTransport")
                .should().callMethodWhere(new DescribedPredicate<>("LockSupport.park") {
                    @Override
                    public boolean test(JavaMethodCall call) {
                        return call.getTargetOwner().isEquivalentTo(LockSupport.class)
                                && call.getName().startsWith("park");
                    }
                }));
    }

    /// Each of these classes holds its monitor only for moments, except for a wait that others must
    /// queue for, such as a server's. A new monitor needs an argument: a virtual thread that waits
    /// for a monitor releases its carrier, but not inside a class initializer or a native call.
    @Test
    void monitorsAreFew() throws IOException {
        assertThat(sourcesWith("\\bsynchronized\\b")).containsExactlyInAnyOrder(
                "ChildOutput", "MessagePublisher", "OpaqueReceiver", "SharedBytes",
                "DisconnectActions", "LaneFaults", "Peer", "Selection", "ProcessCounters",
                "Rendezvous", "Repetition", "Sender");
    }

    private static List<String> sourcesWith(String pattern) throws IOException {
        Pattern sought = Pattern.compile("^(?!\\s*//).*" + pattern, Pattern.MULTILINE);
        try (Stream<Path> files = Files.walk(Path.of("src", "main", "java"))) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> sought.matcher(read(file)).find())
                    .map(file -> file.getFileName().toString().replace(".java", "")).toList();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// A virtual thread that waits for a class to be initialized keeps its carrier, perhaps the one
    /// that the initializing thread needs. So a class initializer must not wait.
    @Test
    void noClassInitializerTakesALockOrStartsAThread() {
        check(noCodeUnits().that(new DescribedPredicate<>("run when a class is initialized") {
            @Override
            public boolean test(JavaCodeUnit unit) {
                return runsInInitializer(unit, new HashSet<>());
            }
        }).should(new ArchCondition<>("take a lock or start a thread") {
            @Override
            public void check(JavaCodeUnit unit, ConditionEvents events) {
                unit.getMethodCallsFromSelf().stream().filter(call -> MAY_WAIT.stream()
                        .anyMatch(method -> method.equals(call.getTargetOwner().getName() + "."
                                + call.getName())))
                        .forEach(call -> events.add(
                                SimpleConditionEvent.satisfied(call, call.getDescription())));
                if (unit.getModifiers().contains(JavaModifier.SYNCHRONIZED)) {
                    events.add(SimpleConditionEvent.satisfied(unit, unit.getDescription()));
                }
            }
        }).allowEmptyShould(true));
    }

    /// Whether it is a class initializer, or a method of the same class that an initializer calls.
    private static boolean runsInInitializer(JavaCodeUnit unit, Set<JavaCodeUnit> seen) {
        if (unit instanceof JavaStaticInitializer) {
            return true;
        }
        return seen.add(unit) && unit.getCallsOfSelf().stream()
                .filter(call -> call.getOriginOwner().equals(unit.getOwner()))
                .anyMatch(call -> runsInInitializer(call.getOrigin(), seen));
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
