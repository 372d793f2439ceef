package dev.ipcchannel.named;

import dev.ipcchannel.EndAccess;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.call.Handler;
import dev.ipcchannel.internal.base.AllSteps;
import dev.ipcchannel.internal.base.Argument;
import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.base.Log;
import dev.ipcchannel.internal.base.ShownTime;
import dev.ipcchannel.internal.meet.Entry;
import dev.ipcchannel.internal.meet.Member;
import dev.ipcchannel.internal.meet.NameKind;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A server of a name: it answers the questions of its callers ([NamedCaller]), in any process.
///
/// ```java
/// try (var prices = NamedService.serve("prices", String.class, Price.class,
///         (item, call) -> priceOf(item))) {
///     Thread.sleep(Duration.ofHours(8));
/// }
/// ```
///
/// Each question is handled on a virtual thread of its own, any number at once: a handler that uses
/// a scarce resource has to limit that itself. A caller that gives its call up interrupts the
/// handler, even while handlers keep all processors busy, since each caller has a thread here. Any
/// number of processes may serve one name; callers distribute their questions among them.
///
/// A service has a heartbeat from the start ([NamedCaller#waitUntilReady()]). It goes on until it
/// is closed or its process ends, even if the program does not keep this object; but it does not
/// keep a JVM from ending.
public final class NamedService implements AutoCloseable {

    /// The time that a close gives open calls.
    private static final Duration GRACE = Duration.ofSeconds(5);

    private static final Duration BEAT = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofSeconds(2); // for callers to let it go

    private static final Set<NamedService> OPEN = ConcurrentHashMap.newKeySet(); // strong

    private final String name;
    private final ServerRole<?, ?> role;
    private final Member member;
    private final Heartbeat heartbeat;
    private final AtomicBoolean isClosed = new AtomicBoolean();

    private NamedService(String name, ServerRole<?, ?> role, Member member, Heartbeat heartbeat) {
        this.name = name;
        this.role = role;
        this.member = member;
        this.heartbeat = heartbeat;
    }

    /// Serves a name with the default options. Questions may arrive before this returns.
    ///
    /// @param handler answers the questions, several at once; see [Handler]
    /// @throws IllegalArgumentException if the name is not valid (1 to 200 bytes of UTF-8, without
    /// `/` and control characters), or if there is no codec for one of the types
    /// @throws dev.ipcchannel.TypeMismatch if the name is open for other questions or answers
    /// @throws dev.ipcchannel.TimedOut if another process, which is stopped, has the name locked
    /// @throws dev.ipcchannel.HandshakeFailed if the name is open in a process with another
    /// version, or if there is no usable directory of names
    /// @throws dev.ipcchannel.ResourceExhausted if descriptors, memory or room have run out
    /// @throws dev.ipcchannel.UnsupportedPlatform if the library cannot run in this JVM
    /// @throws InterruptedException if the thread is interrupted while it waits; nothing is served
    public static <Q, R> NamedService serve(String name, Class<Q> questions, Class<R> answers,
            Handler<Q, R> handler) throws InterruptedException {
        return serve(name, questions, answers, handler, NamedOptions.defaults());
    }

    /// Serves a name. Throws what [#serve(String, Class, Class, Handler)] throws.
    ///
    /// @param options the channel by which each caller asks
    public static <Q, R> NamedService serve(String name, Class<Q> questions, Class<R> answers,
            Handler<Q, R> handler, NamedOptions options) throws InterruptedException {
        Argument.given(questions, "questions");
        Argument.given(answers, "answers");
        return serve(name, TypeToken.of(questions), TypeToken.of(answers), handler, options);
    }

    /// Serves a name for generic types with the default options. Throws what [#serve(String, Class,
    /// Class, Handler)] throws.
    public static <Q, R> NamedService serve(String name, TypeToken<Q> questions,
            TypeToken<R> answers, Handler<Q, R> handler) throws InterruptedException {
        return serve(name, questions, answers, handler, NamedOptions.defaults());
    }

    /// Serves a name for generic types. Throws what [#serve(String, Class, Class, Handler)] throws.
    ///
    /// @param options the channel by which each caller asks
    public static <Q, R> NamedService serve(String name, TypeToken<Q> questions,
            TypeToken<R> answers, Handler<Q, R> handler, NamedOptions options)
            throws InterruptedException {
        Argument.given(questions, "questions");
        Argument.given(answers, "answers");
        Argument.given(handler, "handler");
        Argument.given(options, "options");
        Opening.check(name);
        Service.Codecs<Q, R> codecs = Service.of(name, questions, answers);
        ServerRole<Q, R> role = new ServerRole<>(codecs, handler, options);
        Heartbeat heartbeat = null;
        Member member = null;
        NamedService service = null;
        try {
            heartbeat = Heartbeat.start(role.subscribers(), BEAT.toNanos());
            member = Opening.member(NameKind.SERVICE, name, codecs.whole(), role);
            service = new NamedService(name, role, member, Objects.requireNonNull(heartbeat));
            boolean _ = OPEN.add(service);
            return service;
        } catch (RuntimeException failure) {
            throw EndAccess.translate(failure);
        } finally {
            if (service == null) {
                end(heartbeat, member, role);
            }
        }
    }

    private static void end(@Nullable Heartbeat heartbeat, @Nullable Member member,
            ServerRole<?, ?> role) {
        AllSteps.take(() -> {
            if (heartbeat != null) {
                heartbeat.stop();
            }
        }, Opening.closing(member), role::end);
    }

    /// The name of the service.
    public String name() {
        return name;
    }

    /// The number of callers that are there now. It may change a moment later.
    public int callerCount() {
        return role.subscribers().count();
    }

    /// Registers `action` to run for each caller that joins, and for those already present. Actions
    /// run one after another on a virtual thread, in the order of the events.
    ///
    /// @throws EndClosed if this service is closed
    public void onJoin(Consumer<? super NamedMember> action) {
        Consumer<Entry> onEntry = NamedMember.entryAction(action);
        checkOpen();
        member.onJoin(onEntry);
    }

    /// Registers `action` to run for each caller that was closed or has died, in the way of
    /// [#onJoin]. It does not run when this service is closed. Throws what [#onJoin] throws.
    public void onLeave(Consumer<? super NamedMember> action) {
        Consumer<Entry> onEntry = NamedMember.entryAction(action);
        checkOpen();
        member.onLeave(onEntry);
    }

    private void checkOpen() {
        if (isClosed.get()) {
            throw new EndClosed("this service was closed: name=%s: serve the name again"
                    .formatted(name));
        }
    }

    /// Closes the service with a grace of five seconds; see [#close(Duration)].
    @Override
    public void close() {
        close(GRACE);
    }

    /// Takes no more questions, at once, and waits until all open questions are answered, no longer
    /// than `grace`. For a stopped caller without open questions it waits two seconds at most.
    /// Questions that are open then are cancelled, and their callers get
    /// [dev.ipcchannel.Disconnected]. An interrupt ends the wait, and the interrupt flag is set
    /// again. The second and later closes do nothing.
    public void close(Duration grace) {
        Deadline deadline = Deadline.after(Argument.given(grace, "grace"));
        if (!isClosed.compareAndSet(false, true)) {
            return;
        }
        role.stop();
        try {
            heartbeat.stop();
            member.withdraw();
            int held = role.subscribers().leave(deadline.earlier(Deadline.after(PATIENCE)));
            if (held > 0) {
                Log.warning("callers of a service do not answer, and learn of its end when they go"
                        + " on",
                        "name=%s, %s".formatted(name,
                                role.subscribers().held(CallerRole.WORD)));
            }
            String waiting = role.awaitIdle(deadline);
            if (!waiting.isEmpty()) {
                Log.warning("a service has ended while callers waited for answers",
                        ("name=%s, caller %s, grace=%s: give its close more time, or have its"
                                + " handlers")
                                .formatted(name, waiting, ShownTime.of(grace)) + " take less");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            boolean _ = OPEN.remove(this);
            end(heartbeat, member, role);
        }
    }

    @Override
    public String toString() {
        return "NamedService[%s, callers=%d%s]".formatted(name, callerCount(),
                isClosed.get() ? ", closed" : "");
    }
}
