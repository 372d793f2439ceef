package dev.ipcchannel.child;

import dev.ipcchannel.ChildFailed;
import dev.ipcchannel.ChildReport;
import dev.ipcchannel.HandshakeFailed;
import dev.ipcchannel.Link;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.TypeMismatch;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.call.Caller;
import dev.ipcchannel.call.Reply;
import dev.ipcchannel.call.Request;
import dev.ipcchannel.call.Responder;
import dev.ipcchannel.internal.base.Argument;
import dev.ipcchannel.internal.base.Printable;
import dev.ipcchannel.internal.base.ShownTime;
import dev.ipcchannel.internal.launch.JavaRuntime;
import dev.ipcchannel.internal.launch.Program;
import dev.ipcchannel.internal.rendezvous.ExitSign;
import dev.ipcchannel.internal.rendezvous.ParentProcess;
import dev.ipcchannel.internal.rendezvous.ServerDirectory;
import dev.ipcchannel.transport.Transport;
import dev.ipcchannel.transport.TransportAccess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// A plan for the start of a child process: a JVM with a class of this program, a jar or another
/// program.
///
/// ```java
/// // the parent
/// try (var child = ChildJvm.of(Echo.class).start(String.class, String.class)) {
///     child.send("hello");
///     System.out.println(child.receive());
/// }
/// // Echo.main, in the child
/// try (var parent = ChildJvm.parent(String.class, String.class)) {
///     parent.send("you say " + parent.receive());
/// }
/// ```
///
/// A plan is immutable: each method that sets something returns a changed copy. By default a child
/// JVM runs on this program's `java`, may call native code, leaves no core dump, and keeps the
/// JVM's own warnings off standard output. If its classes are in jars, it loads them from an
/// archive that its first run has written to `$XDG_CACHE_HOME/ipc-channel` or
/// `~/.cache/ipc-channel`. Its output is printed here, and its last error lines are in exceptions
/// about it.
///
/// Longer than other files: it has all settings of a child.
public final class ChildJvm {

    private static final long LEAST_HEAP = 2 << 20; // of HotSpot
    private static final int DEFAULT_LEVELS = 8;
    private static final Duration DEFAULT_GRACE = Duration.ofSeconds(2);
    private static final Duration DEFAULT_PATIENCE = Duration.ofSeconds(20);

    private final Program program;
    // Changed only in a copy before that is returned.
    private List<String> arguments = List.of();
    private List<String> jvmOptions = List.of();
    private Map<String, String> environment = Map.of();
    private @Nullable Path directory;
    private @Nullable JavaRuntime java;
    private @Nullable String heap;
    private @Nullable MemoryLimit memoryLimit;
    private HeapShare heapShare = HeapShare.WHOLE;
    private boolean isShortLived;
    private boolean hasArchive = true;
    private boolean hasCoreDump;
    private boolean hasDebugger;
    private boolean hasInput = true;
    private Output output = Output.tee("");
    private Output errors = Output.tee("");
    private Duration grace = DEFAULT_GRACE;
    private Duration patience = DEFAULT_PATIENCE;
    private Transport transport = Transport.shm();
    private int maxLevels = DEFAULT_LEVELS;

    private ChildJvm(Program program) {
        this.program = program;
    }

    private ChildJvm(ChildJvm other) {
        this(other.program);
        this.arguments = other.arguments;
        this.jvmOptions = other.jvmOptions;
        this.environment = other.environment;
        this.directory = other.directory;
        this.java = other.java;
        this.heap = other.heap;
        this.memoryLimit = other.memoryLimit;
        this.heapShare = other.heapShare;
        this.isShortLived = other.isShortLived;
        this.hasArchive = other.hasArchive;
        this.hasCoreDump = other.hasCoreDump;
        this.hasDebugger = other.hasDebugger;
        this.hasInput = other.hasInput;
        this.output = other.output;
        this.errors = other.errors;
        this.grace = other.grace;
        this.patience = other.patience;
        this.transport = other.transport;
        this.maxLevels = other.maxLevels;
    }

    /// A child that runs the `main` of a class of this program. The child finds the class where
    /// this JVM has found it: on its class path or module path, by a `URLClassLoader`, in a Spring
    /// Boot archive, or in the source file that this JVM was started from.
    ///
    /// @throws IllegalArgumentException if it is a primitive type or an array, or if a child cannot
    /// find it: it is in a source file that starts with another class, or its class loader has it
    /// in no file or does not say where it reads
    public static ChildJvm of(Class<?> main) {
        Argument.given(main, "main");
        if (main.isPrimitive() || main.isArray()) {
            throw new IllegalArgumentException("a child runs the main of a class: main="
                    + main.getTypeName() + " is none: name the class");
        }
        return new ChildJvm(Program.of(main));
    }

    /// A child that runs the `main` of a class, given by name. The class is looked for where this
    /// library is, and where the calling thread's context class loader looks. It need not exist
    /// yet.
    ///
    /// @throws IllegalArgumentException if the name is blank, or if the class is found here but a
    /// child could not find it, see [#of(Class)]
    public static ChildJvm of(String mainClass) {
        String name = ChildEncoding.words("mainClass", mainClass).getFirst();
        if (name.isBlank()) {
            throw new IllegalArgumentException("a child runs the main of a class: mainClass="
                    + Printable.quoted(name) + " is blank: name the class");
        }
        return new ChildJvm(Program.of(name));
    }

    /// A child that runs a jar, whose manifest names its main class.
    public static ChildJvm ofJar(Path jar) {
        return new ChildJvm(
                new Program.Jar(Argument.given(jar, "jar").toAbsolutePath()));
    }

    /// A child that is any program, for instance in Python or C. Settings for JVMs do not apply to
    /// it.
    ///
    /// @param words the program, as a path or to be found on the PATH, and its arguments
    public static ChildJvm ofCommand(String... words) {
        Argument.given(words, "words");
        if (words.length == 0) {
            throw new IllegalArgumentException("a command has at least one word: words=0");
        }
        return new ChildJvm(new Program.Command(ChildEncoding.words("word", words)));
    }

    /// A change to a copy.
    private interface Change {
        void apply(ChildJvm copy);
    }

    private ChildJvm with(Change change) {
        ChildJvm copy = new ChildJvm(this);
        change.apply(copy);
        return copy;
    }

    /// With more arguments for the program. Arguments, variables and the values of properties
    /// arrive unchanged: if the child's locale lacks letters for one, the start is refused
    /// ([ChildFailed]).
    public ChildJvm arguments(String... more) {
        Argument.given(more, "more");
        return with(copy -> copy.arguments = joined("argument", arguments, more));
    }

    /// With more options for the JVM, such as `-Dname=value`. They come after the library's own
    /// options and so override them.
    public ChildJvm jvmOptions(String... more) {
        Argument.given(more, "more");
        return with(copy -> copy.jvmOptions = joined("option", jvmOptions, more));
    }

    private static List<String> joined(String what, List<String> former, String... more) {
        List<String> joined = new ArrayList<>(former);
        joined.addAll(ChildEncoding.words(what, more));
        return List.copyOf(joined);
    }

    /// With a heap of at most so many bytes.
    public ChildJvm heap(long bytes) {
        if (bytes < LEAST_HEAP) {
            throw new IllegalArgumentException(
                    "a heap has at least 2 MiB: bytes=%d, limit=%d".formatted(bytes, LEAST_HEAP));
        }
        return with(copy -> copy.heap = Long.toString(bytes));
    }

    /// With at most so many bytes of memory for the child and all that it starts. The areas of a
    /// JVM (heap, direct memory, metaspace, code) get limits that leave room for the rest within
    /// this one; what [#heap] and [#jvmOptions] set overrides them. The kernel holds the whole: by
    /// a memory cgroup where this process or the user's systemd may make one, else by a limit of
    /// the child's private memory (RLIMIT_DATA). [dev.ipcchannel.ChildReport#memoryLimit] says
    /// which. In a cgroup the child gets no swap, and in any case no class archive. A start is
    /// refused with [dev.ipcchannel.ChildFailed] if the machine has not so much memory, or if heap
    /// and direct memory as set do not fit.
    ///
    /// @throws IllegalArgumentException if it is less than a child needs: 64 MiB for a JVM, 1 MiB
    /// for another program
    public ChildJvm memoryLimit(long bytes) {
        MemoryLimit limit = MemoryLimit.of(bytes, program.isJvm());
        return with(copy -> copy.memoryLimit = limit);
    }

    /// With a variable in its environment, beside those of this process.
    ///
    /// @throws IllegalArgumentException if no variable can have that name or value
    public ChildJvm environment(String name, String value) {
        Argument.given(name, "name");
        Argument.given(value, "value");
        ChildEncoding.checkVariable(name, value);
        Map<String, String> more = new TreeMap<>(environment);
        more.put(name, value);
        return with(copy -> copy.environment = more);
    }

    /// In that working directory. The paths of a class, a jar, a `java` and output files are
    /// relative to the directory of this process; paths in options, in arguments and of a command
    /// are relative to that directory.
    public ChildJvm directory(Path path) {
        Path absolute = Argument.given(path, "path").toAbsolutePath();
        return with(copy -> copy.directory = absolute);
    }

    /// Run by another `java` than this program's, given as a path or as a name on the PATH.
    public ChildJvm java(Path program) {
        Argument.given(program, "program");
        return with(copy -> copy.java = JavaRuntime.at(program));
    }

    /// For a life of seconds: with the garbage collector, the compiler and the kind of reflection
    /// that start soonest and use least memory, though they never get as fast as the defaults.
    public ChildJvm shortLived() {
        return with(copy -> copy.isShortLived = true);
    }

    /// Without a class archive: none is read or written.
    public ChildJvm noClassArchive() {
        return with(copy -> copy.hasArchive = false);
    }

    /// With a core dump if it crashes, where the system is configured for that. The other sides of
    /// its channels notice the crash only when the dump is written.
    public ChildJvm coreDump() {
        return with(copy -> copy.hasCoreDump = true);
    }

    /// With a free local port for a debugger ([ChildProcess#debugPort]), printed on standard error.
    /// The child does not wait for a debugger.
    public ChildJvm debug() {
        return with(copy -> copy.hasDebugger = true);
    }

    /// Without standard input, if it is a JVM: its `System.in` is at its end. Any other program
    /// keeps its input, whose end shows the parent's death.
    ChildJvm noInput() {
        return with(copy -> copy.hasInput = false);
    }

    /// As one of so many JVMs that run at once.
    ChildJvm oneOf(int jvms) {
        return with(copy -> copy.heapShare = new HeapShare(jvms));
    }

    /// With that destination of its standard output; by default [Output#tee] without a prefix.
    public ChildJvm output(Output where) {
        return with(copy -> copy.output = Argument.given(where, "where"));
    }

    /// With that destination of its error output; by default [Output#tee] without a prefix.
    public ChildJvm errors(Output where) {
        return with(copy -> copy.errors = Argument.given(where, "where"));
    }

    /// With so much time to end, after it is asked to or is refused, before it is killed: by
    /// default 2 seconds; zero to kill it at once.
    ///
    /// @throws IllegalArgumentException if it is negative
    public ChildJvm grace(Duration time) {
        Argument.given(time, "time");
        if (time.isNegative()) {
            throw new IllegalArgumentException(
                    "grace must not be negative: grace=%s, limit=0 s"
                            .formatted(ShownTime.of(time)));
        }
        return with(copy -> copy.grace = time);
    }

    /// With so much time from its start to its connection: by default 20 seconds.
    ///
    /// @throws IllegalArgumentException if it is not positive
    public ChildJvm startTimeout(Duration time) {
        Argument.given(time, "time");
        if (!time.isPositive()) {
            throw new IllegalArgumentException(
                    "startTimeout must be positive: startTimeout=%s, limit=1 ns"
                            .formatted(ShownTime.of(time)));
        }
        return with(copy -> copy.patience = time);
    }

    /// Reached by that transport; by default [Transport#shm()].
    public ChildJvm transport(Transport way) {
        return with(copy -> copy.transport = Argument.given(way, "way"));
    }

    /// With a limit to how deep children start children, so that programs that start each other
    /// come to an end: by default 8. A child of a process that is not itself a child is on level 1.
    public ChildJvm maxLevels(int levels) {
        if (levels < 1) {
            throw new IllegalArgumentException(
                    "a child is on level 1 at least: levels=%d, limit=1".formatted(levels));
        }
        return with(copy -> copy.maxLevels = levels);
    }

    /// Starts the child without waiting for a connection: for a child that is reached in another
    /// way, or not at all.
    ///
    /// @throws ChildFailed if it cannot be started, for instance since this JVM is shutting down
    /// @throws IllegalStateException if it would start itself without end: this process is a child
    /// that has neither called [#isChild] nor connected, and the plan is for its own program; or if
    /// it would be deeper than [#maxLevels]
    public ChildProcess start() {
        checkEnds();
        return new ChildStart(this, Map.of(), () -> false).start();
    }

    /// Starts the child and waits until it has called [#parent].
    ///
    /// @param out the type of the messages to the child
    /// @param in the type of the messages from the child
    /// @throws ChildFailed if it cannot be started, for instance since this JVM is shutting down,
    /// or if it ends before it has connected
    /// @throws TimedOut if it does not connect in time ([#startTimeout]); it is killed then, and
    /// the report has a dump of its threads
    /// @throws TypeMismatch if the child has other types: it gets the reason, and is killed after
    /// its grace at the latest
    /// @throws HandshakeFailed if it connects in another way than a child does, or makes larger
    /// rings than the transport allows: it gets the reason as well
    /// @throws IllegalArgumentException if there is no codec for a type
    /// @throws IllegalStateException if it would start itself without end, see [#start()]
    /// @throws InterruptedException if the thread is interrupted while it waits; the child is
    /// killed then
    public <O, I> ChildLink<O, I> start(Class<O> out, Class<I> in) throws InterruptedException {
        Argument.given(out, "out");
        Argument.given(in, "in");
        return start(TypeToken.of(out), TypeToken.of(in));
    }

    /// The same for generic types. Throws what [#start(Class, Class)] throws.
    public <O, I> ChildLink<O, I> start(TypeToken<O> out, TypeToken<I> in)
            throws InterruptedException {
        Argument.given(out, "out");
        Argument.given(in, "in");
        return start(out, in, 1, () -> false);
    }

    /// Starts the child to ask it questions, which it answers by [#responder]:
    ///
    /// ```java
    /// // the parent
    /// try (var shop = ChildJvm.of(Shop.class).startCaller(String.class, Integer.class)) {
    ///     System.out.println(shop.call("tea"));
    /// }
    /// // Shop.main, in the child
    /// try (var parent = ChildJvm.responder(String.class, Integer.class)) {
    ///     parent.serve((word, exchange) -> word.length());
    /// }
    /// ```
    ///
    /// Waits as [#start(Class, Class)] does, and throws what that throws. Any number of threads may
    /// use the caller. Its `close` ends the child as [ChildLink#close] does. When the child ends,
    /// each open call fails with [dev.ipcchannel.Disconnected].
    ///
    /// @param questions the type of the questions
    /// @param answers the type of the answers
    public <Q, R> Caller<Q, R> startCaller(Class<Q> questions, Class<R> answers)
            throws InterruptedException {
        Argument.given(questions, "questions");
        Argument.given(answers, "answers");
        return startCaller(TypeToken.of(questions), TypeToken.of(answers));
    }

    /// The same for generic types. Throws what [#start(Class, Class)] throws.
    public <Q, R> Caller<Q, R> startCaller(TypeToken<Q> questions, TypeToken<R> answers)
            throws InterruptedException {
        Argument.given(questions, "questions");
        Argument.given(answers, "answers");
        ChildLink<Request<Q>, Reply<R>> child = start(requests(questions), replies(answers));
        boolean isAsked = false;
        try {
            Caller<Q, R> caller = new Caller<>(child);
            isAsked = true;
            return caller;
        } finally {
            if (!isAsked) {
                child.process().kill();
            }
        }
    }

    private static <Q> TypeToken<Request<Q>> requests(TypeToken<Q> questions) {
        return TypeToken.of(Request.class, List.of(questions));
    }

    private static <R> TypeToken<Reply<R>> replies(TypeToken<R> answers) {
        return TypeToken.of(Reply.class, List.of(answers));
    }

    /// Starts a worker and waits until it has connected.
    ///
    /// @param jobs how many jobs the worker does at once
    /// @param isAwaited whether jobs wait for the worker: then an exit of this JVM does not
    /// interrupt its start
    <O, I> ChildLink<O, I> start(TypeToken<O> out, TypeToken<I> in, int jobs,
            BooleanSupplier isAwaited) throws InterruptedException {
        checkEnds();
        try (Transport.Listener<O, I> listener = transport.listen(out, in);
                ServerDirectory sign = needsSign() ? TransportAccess.directory() : null) {
            Map<String, String> marks = new TreeMap<>(Map.of(
                    ParentProcess.TRANSPORT, transport.name(),
                    ParentProcess.ADDRESS, listener.address(),
                    ParentProcess.JOBS, Integer.toString(jobs)));
            String mark = TransportAccess.mark(transport);
            if (mark != null) {
                marks.put(ParentProcess.OPTIONS, mark);
            }
            if (!program.isJvm()) {
                marks.put(ParentProcess.AWAITED, sign == null ? listener.address() : sign.path());
                marks.put(ParentProcess.COMMAND, program.digest());
            }
            String exitSign = hasPublicAddress() ? ExitSign.own() : null;
            if (exitSign != null) {
                marks.put(ParentProcess.EXIT_SIGN, exitSign);
            }
            ChildProcess child = new ChildStart(this, marks, isAwaited).start();
            boolean isConnected = false;
            try {
                Link<O, I> link = accept(listener, child, out, in);
                child.connected(hasPublicAddress());
                isConnected = true;
                return new ChildLink<>(child, link);
            } finally {
                if (!isConnected) {
                    child.kill();
                }
            }
        }
    }

    /// Refuses a child that would start a child of the same kind, and so on, without end.
    void checkEnds() {
        if (ParentProcess.isUnaware() && program.isThisProcess()) {
            throw new IllegalStateException(("a child starts its own program, which would start it"
                    + " again and again: program=%s: ask ChildJvm.isChild() before, and where it is"
                    + " true do the child's part (ChildJvm.parent, Worker.serve)")
                    .formatted(programName()));
        }
        int level = ParentProcess.level() + 1;
        if (level > maxLevels) {
            throw new IllegalStateException(("processes start each other too deep: level=%d,"
                    + " limit=%d, child=%s: see that this comes to an end, then raise"
                    + " ChildJvm.maxLevels").formatted(level, maxLevels, commandLine()));
        }
    }

    /// Whether the child needs a sign on the disk that its parent still waits, since the transport
    /// shows none; see [ParentProcess#AWAITED].
    private boolean needsSign() {
        return !program.isJvm() && !hasPublicAddress();
    }

    /// Waits for the child. If it does not connect, the exception has all that is known of it.
    private <O, I> Link<O, I> accept(Transport.Listener<O, I> listener, ChildProcess child,
            TypeToken<O> out, TypeToken<I> in) throws InterruptedException {
        try {
            return listener.accept(child.awaited(), patience);
        } catch (TypeMismatch mismatch) {
            child.stop(grace, () -> {}); // it has the reason, shows it and ends
            throw TransportAccess.ofChild(mismatch, out, in,
                    "%s, pid=%d".formatted(commandLine(), child.pid()));
        } catch (HandshakeFailed refused) {
            child.stop(grace, () -> {}); // it has the reason as well
            throw refused;
        } catch (ChildFailed _) { // the report has all of it except a process that was turned away
            ChildReport report = child.report();
            if (child.turnedAway() != null) {
                throw new ChildFailed("the child ended before it got through: %s: %s".formatted(
                        turnedAway(child), report), report, null);
            }
            boolean hasSucceeded = report.exitCode().orElse(1) == 0;
            String java = suspectedJava();
            throw new ChildFailed("the child ended before it connected: child=%s%s: %s".formatted(
                    commandLine(), hasSucceeded ? remedy(out, in)
                            : java.isEmpty() ? "" : ": see that " + java,
                    report),
                    report, null);
        } catch (TimedOut _) {
            ChildReport report = child.reportWithThreads();
            if (child.turnedAway() != null) {
                throw new TimedOut(
                        ("the child did not get through within the time given: timeout=%s,"
                                + " %s: %s")
                                .formatted(ShownTime.of(patience), turnedAway(child), report),
                        report, null);
            }
            throw new TimedOut(("the child did not connect within the time given: timeout=%s,"
                    + " child=%s%s, or raise startTimeout: %s").formatted(ShownTime.of(patience),
                            commandLine(), remedy(out, in), report),
                    report, null);
        }
    }

    private String turnedAway(ChildProcess child) {
        return "child=%s, turned away: %s".formatted(commandLine(), child.turnedAway());
    }

    /// The remedy for a child that has not connected.
    private String remedy(TypeToken<?> out, TypeToken<?> in) {
        String java = suspectedJava();
        return ": see that it calls " + TransportAccess.childCall(out, in) + (program.isJvm()
                ? java.isEmpty() ? "" : ", and that " + java
                : ", or is in another language and connects to the address in its variable "
                        + ParentProcess.ADDRESS + " (docs/wire-format.md)"
                        + (TransportAccess.isOfMessages(out, in)
                                ? ", or start it by start(), which expects no connection" : ""));
    }

    /// The remedy if `java` is a program that is not of a JDK: it may start a JVM or not. Empty if
    /// it is of a JDK.
    private String suspectedJava() {
        return program.isJvm() && javaRuntime().version().isEmpty()
                ? "java=" + Printable.path(javaRuntime().java()) + " starts a JVM" : "";
    }

    /// Connects a child with the parent that has started it. To be called once, in the child. A
    /// child that answers until its parent closes can loop over the link's `receiver()`, since that
    /// loop ends then:
    ///
    /// ```java
    /// try (var parent = ChildJvm.parent(Integer.class, String.class)) {
    ///     for (String word : parent.receiver()) {
    ///         parent.send(word.length());
    ///     }
    /// }
    /// ```
    ///
    /// If the parent refuses the child, since it expects another conversation or other types, the
    /// next call on the link throws [TypeMismatch]; over a Unix socket this method throws it.
    ///
    /// @param out the type of the messages to the parent
    /// @param in the type of the messages from the parent
    /// @throws IllegalStateException if no [ChildJvm] has started this process, if the properties
    /// or variables that it set have been changed, or if this process has connected before
    /// @throws dev.ipcchannel.Disconnected if the parent has ended
    /// @throws dev.ipcchannel.IpcException if it fails for another reason
    /// @throws InterruptedException if the thread is interrupted while it waits
    public static <O, I> Link<O, I> parent(Class<O> out, Class<I> in)
            throws InterruptedException {
        Argument.given(out, "out");
        Argument.given(in, "in");
        return parent(TypeToken.of(out), TypeToken.of(in));
    }

    /// The same for generic types. Throws what [#parent(Class, Class)] throws.
    public static <O, I> Link<O, I> parent(TypeToken<O> out, TypeToken<I> in)
            throws InterruptedException {
        Argument.given(out, "out");
        Argument.given(in, "in");
        return connected(ParentMarks.transport().connect(ParentMarks.address(), out, in));
    }

    /// The same by a transport that is not the library's. Throws what [#parent(Class, Class)]
    /// throws.
    ///
    /// @throws IllegalStateException if the parent has another transport
    public static <O, I> Link<O, I> parent(Transport transport, TypeToken<O> out,
            TypeToken<I> in) throws InterruptedException {
        Argument.given(transport, "transport");
        Argument.given(out, "out");
        Argument.given(in, "in");
        return connected(ParentMarks.checked(transport).connect(ParentMarks.address(), out, in));
    }

    /// The same by a transport that is not the library's. Throws what [#parent(Transport,
    /// TypeToken, TypeToken)] throws.
    public static <O, I> Link<O, I> parent(Transport transport, Class<O> out, Class<I> in)
            throws InterruptedException {
        Argument.given(transport, "transport");
        Argument.given(out, "out");
        Argument.given(in, "in");
        return parent(transport, TypeToken.of(out), TypeToken.of(in));
    }

    /// Connects a child with the parent that has started it by [#startCaller], to answer its
    /// questions. To be called once, in the child. Throws what [#parent(Class, Class)] throws.
    ///
    /// @param questions the type of the questions
    /// @param answers the type of the answers
    public static <Q, R> Responder<Q, R> responder(Class<Q> questions, Class<R> answers)
            throws InterruptedException {
        Argument.given(questions, "questions");
        Argument.given(answers, "answers");
        return responder(TypeToken.of(questions), TypeToken.of(answers));
    }

    /// The same for generic types. Throws what [#parent(Class, Class)] throws.
    public static <Q, R> Responder<Q, R> responder(TypeToken<Q> questions, TypeToken<R> answers)
            throws InterruptedException {
        Argument.given(questions, "questions");
        Argument.given(answers, "answers");
        return new Responder<>(parent(replies(answers), requests(questions)));
    }

    private static <O, I> Link<O, I> connected(Link<O, I> link) {
        ParentMarks.connected();
        return link;
    }

    /// Whether a [ChildJvm] or a [dev.ipcchannel.worker.WorkerSet] has started this process to
    /// connect with it. So one program can be both parent and child.
    ///
    /// A process started by way of a wrapper is a child as well, for instance in a namespace of its
    /// own. A process started by [#start()] is not, nor is one that a child starts in other ways.
    /// Within a command ([#ofCommand]), the process that calls this method or connects while the
    /// parent waits is the child. The answer does not change while this JVM runs, and is the same
    /// for all its threads and class loaders.
    public static boolean isChild() {
        return ParentProcess.isChild();
    }

    /// Registers `hook` to run in a child when its parent has died, before this JVM halts, which
    /// happens within two seconds. Hooks run one after another and have a second and a half
    /// together.
    public static void onParentDeath(Runnable hook) {
        ParentProcess.addHook(Argument.given(hook, "hook"));
    }

    Program program() {
        return program;
    }

    List<String> programArguments() {
        return arguments;
    }

    /// The options of the JVM: those that follow from the settings, then those of [#jvmOptions].
    List<String> options() {
        List<String> options = new ArrayList<>();
        if (!hasCoreDump) {
            options.add("-XX:-CreateCoredumpOnCrash");
        }
        if (isShortLived) {
            options.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
                    "-Djdk.reflect.useNativeAccessorOnly=true"));
        }
        if (memoryLimit != null) {
            options.addAll(memoryLimit.options(users()));
        }
        if (heap != null) {
            options.add("-Xmx" + heap);
        }
        options.addAll(jvmOptions);
        return options;
    }

    private UserOptions users() {
        return new UserOptions(jvmOptions, environment);
    }

    Map<String, String> variables() {
        return environment;
    }

    /// The options that leave memory to other JVMs, before all others; none where it has a limit of
    /// its own.
    List<String> heapShare() {
        return heap != null || memoryLimit != null ? List.of() : heapShare.options(users());
    }

    /// The limit of its memory; null if it has none.
    @Nullable
    MemoryLimit memoryLimit() {
        return memoryLimit;
    }

    /// The working directory that was set; null if it is that of this process.
    @Nullable
    Path givenDirectory() {
        return directory;
    }

    Path directory() {
        Path given = directory;
        return given == null ? Path.of("").toAbsolutePath() : given;
    }

    JavaRuntime javaRuntime() {
        JavaRuntime other = java;
        return other == null ? JavaRuntime.own() : other;
    }

    /// The `java` that runs the child; null if it is not a JVM.
    @Nullable
    Path javaOfJvm() {
        return program.isJvm() ? javaRuntime().java() : null;
    }

    boolean hasArchive() {
        return hasArchive && memoryLimit == null; // to write one takes memory, at the exit
    }

    boolean hasInput() {
        return hasInput || !program.isJvm();
    }

    boolean hasDebugger() {
        return hasDebugger;
    }

    Output output() {
        return output;
    }

    Output errors() {
        return errors;
    }

    Duration startTimeout() {
        return patience;
    }

    Duration gracePeriod() {
        return grace;
    }

    Transport transport() {
        return transport;
    }

    /// Whether all users may see the transport's address.
    boolean hasPublicAddress() {
        return TransportAccess.isOwn(transport);
    }

    /// The program, shortened, for error texts about something else: a command may be a whole
    /// script.
    String programName() {
        return program.isJvm() ? Printable.path(program.shown())
                : Printable.brief(program.shown());
    }

    /// The program with its arguments.
    String commandLine() {
        List<String> words = new ArrayList<>(List.of(program.shown()));
        words.addAll(arguments);
        return Printable.words(words);
    }

    @Override
    public String toString() {
        return "ChildJvm[" + commandLine() + "]";
    }
}
