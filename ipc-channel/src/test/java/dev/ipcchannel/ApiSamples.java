package dev.ipcchannel;

import dev.ipcchannel.call.CallObserver;
import dev.ipcchannel.call.Caller;
import dev.ipcchannel.call.ContextCarrier;
import dev.ipcchannel.call.Handler;
import dev.ipcchannel.call.ObservedCall;
import dev.ipcchannel.call.Parts;
import dev.ipcchannel.call.Question;
import dev.ipcchannel.call.RemoteFailure;
import dev.ipcchannel.call.Reply;
import dev.ipcchannel.call.Request;
import dev.ipcchannel.call.Responder;
import dev.ipcchannel.child.ChildJvm;
import dev.ipcchannel.child.ChildLink;
import dev.ipcchannel.child.ChildOutput;
import dev.ipcchannel.child.ChildProcess;
import dev.ipcchannel.child.Output;
import dev.ipcchannel.named.BroadcastOptions;
import dev.ipcchannel.named.ChannelType;
import dev.ipcchannel.named.ConnMode;
import dev.ipcchannel.named.Heartbeat;
import dev.ipcchannel.named.IpcChannel;
import dev.ipcchannel.named.NamedCaller;
import dev.ipcchannel.named.NamedChannel;
import dev.ipcchannel.named.NamedMember;
import dev.ipcchannel.named.NamedOptions;
import dev.ipcchannel.named.NamedReceiver;
import dev.ipcchannel.named.NamedSender;
import dev.ipcchannel.named.NamedService;
import dev.ipcchannel.named.NamedSignal;
import dev.ipcchannel.named.SlowReader;
import dev.ipcchannel.named.Unreceived;
import dev.ipcchannel.select.ReceiverEvent;
import dev.ipcchannel.select.ReceiverSet;
import dev.ipcchannel.select.RouteHandler;
import dev.ipcchannel.select.Router;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.InProcess;
import dev.ipcchannel.testing.InProcessDuplex;
import dev.ipcchannel.testing.PublicApi;
import dev.ipcchannel.transport.AwaitedChild;
import dev.ipcchannel.transport.Transport;
import dev.ipcchannel.worker.BusyPolicy;
import dev.ipcchannel.worker.Job;
import dev.ipcchannel.worker.JobBuilder;
import dev.ipcchannel.worker.JobMapping;
import dev.ipcchannel.worker.JobOptions;
import dev.ipcchannel.worker.JobReply;
import dev.ipcchannel.worker.JobService;
import dev.ipcchannel.worker.Latencies;
import dev.ipcchannel.worker.Progress;
import dev.ipcchannel.worker.TimeoutAction;
import dev.ipcchannel.worker.Worker;
import dev.ipcchannel.worker.WorkerListener;
import dev.ipcchannel.worker.WorkerSet;
import dev.ipcchannel.worker.WorkerSetBuilder;
import dev.ipcchannel.worker.WorkerSetStats;
import dev.ipcchannel.worker.WorkerSnapshot;
import dev.ipcchannel.zipc.Zipc;
import dev.ipcchannel.zipc.ZipcDialect;
import dev.ipcchannel.zipc.ZipcEnd;
import dev.ipcchannel.zipc.ZipcMessage;
import dev.ipcchannel.zipc.ZipcOptions;
import dev.ipcchannel.zipc.ZipcReceiver;
import dev.ipcchannel.zipc.ZipcSender;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import org.jspecify.annotations.NullUnmarked;

/// A sample object of each public type, to call all that users can call.
@NullUnmarked
final class ApiSamples {

    /// The interfaces that users implement and the library calls. The library never passes null.
    private static final List<Class<?>> OF_USERS = List.of(Link.class, RouteHandler.class,
            CallObserver.class, ContextCarrier.class, Handler.class, WorkerListener.class);

    /// The records that the library makes and users read.
    private static final List<Class<?>> RESULTS = List.of(EndStats.class, ProcessStats.class,
            WorkerSetStats.class, WorkerSnapshot.class, ChildReport.class, ChildReport.Cause.class,
            Progress.class,
            ReceiverEvent.Message.class, ReceiverEvent.Failed.class, ReceiverEvent.Closed.class,
            Job.Bidirectional.class, Job.Unidirectional.class, Duplex.Pair.class,
            Caller.Pair.class, Responder.Pair.class, Request.Ask.class,
            Request.AskWithin.class, Reply.Answer.class,
            Reply.Part.class, Reply.Failed.class, NamedMember.class);

    private final Map<Class<?>, Object> samples = new HashMap<>();
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    /// Makes the samples.
    static ApiSamples make() throws Exception {
        ApiSamples made = new ApiSamples();
        try {
            made.makeSamples();
        } catch (Exception | Error failure) {
            made.close();
            throw failure;
        }
        return made;
    }

    /// The methods and constructors that users call and the library implements.
    static List<Executable> calls(Class<?> type) {
        if (Throwable.class.isAssignableFrom(type) || type.isEnum()
                || OF_USERS.contains(type) || RESULTS.contains(type)) {
            return List.of();
        }
        Stream<? extends Executable> methods = PublicApi.methods(type).stream()
                .filter(method -> !Modifier.isAbstract(method.getModifiers()))
                .filter(method -> !method.getName().equals("equals"));
        return Stream.concat(methods, Arrays.stream(type.getConstructors()))
                .<Executable>map(call -> call).toList();
    }

    /// Calls a method or a constructor.
    ///
    /// @param arguments null for a missing one
    Object call(Executable call, Object... arguments) throws Exception {
        call.setAccessible(true); // of a class that is not public but has a public interface
        Object result = call instanceof Constructor<?> constructor
                ? constructor.newInstance(arguments)
                : ((Method) call).invoke(Modifier.isStatic(call.getModifiers()) ? null
                        : of(call.getDeclaringClass()), arguments);
        if (result instanceof AutoCloseable end && !(result instanceof Record)
                && !opened.contains(end)) {
            opened.push(end);
        }
        return result;
    }

    /// One argument for each parameter.
    Object[] arguments(Executable call) throws Exception {
        Object[] arguments = new Object[call.getParameterCount()];
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = of(call.getParameterTypes()[i]);
        }
        return arguments;
    }

    /// Closes what can be closed.
    void close() throws Exception {
        for (AutoCloseable end : opened) { // the last one first
            end.close();
        }
    }

    /// The sample of a type.
    Object of(Class<?> type) throws Exception {
        Object sample = samples.get(type);
        if (sample == null && type.isInterface()) {
            return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[]{type},
                    (_, _, _) -> null);
        }
        if (sample == null) { // new in the API: add one below
            throw new AssertionError("no sample of " + type.getName());
        }
        return sample;
    }

    private <T> T give(Class<? super T> type, T sample) {
        samples.put(type, sample);
        if (sample instanceof AutoCloseable end) {
            opened.push(end);
        }
        return sample;
    }

    private void makeSamples() throws Exception {
        makeWords();
        Duplex<String, String> ends = makeEnds();
        makeCalls();
        makeProcesses(ends);
        makeNames();
        makeQueues();
    }

    private void makeWords() {
        samples.put(int.class, 1);
        samples.put(long.class, 1L);
        samples.put(boolean.class, false);
        samples.put(Class.class, String.class);
        give(Object.class, "message");
        give(String.class, "word");
        give(String[].class, new String[]{"word"});
        give(byte[].class, new byte[1]);
        give(List.class, List.of());
        give(Duration.class, Duration.ofMillis(1));
        give(Path.class, Path.of("file"));
        give(OptionalInt.class, OptionalInt.empty());
        give(BlockingQueue.class, new LinkedBlockingQueue<>());
        give(MethodHandles.Lookup.class, MethodHandles.lookup());
        give(RuntimeException.class, new IllegalStateException("a sample"));
        give(Throwable.class, new IllegalStateException("a sample"));
        give(IpcException.class, new EndClosed("a sample"));
        give(TypeToken.class, TypeToken.of(String.class));
        give(Codec.class, Codec.of(String.class));
        give(ChannelOptions.class, ChannelOptions.defaults());
        give(WaitStrategy.class, WaitStrategy.BLOCK);
        give(Encoder.class, new Encoder());
        give(Decoder.class, new Decoder());
        give(RemoteFailure.class, RemoteFailure.of(new IllegalStateException("a sample")));
        give(BusyPolicy.class, BusyPolicy.waitUpTo(Duration.ofMillis(1)));
        give(Output.class, Output.capture());
        give(TimeoutAction.class, TimeoutAction.ERROR);
        give(ChildReport.Cause.class, new ChildReport.Cause(ChildReport.Cause.Kind.EXIT, ""));
        give(ChildReport.Cause.Kind.class, ChildReport.Cause.Kind.EXIT);
        give(Transport.class, Transport.shm());
    }

    private Duplex<String, String> makeEnds() {
        Channel<String> channel = give(Channel.class, Channel.create(String.class));
        samples.put(Sender.class, channel.sender());
        samples.put(Receiver.class, channel.receiver());
        samples.put(Transferable.class, channel.sender());
        give(EndKind.class, SharedBytes.kind());
        give(OpaqueSender.class, channel.sender().share().erase());
        Channel<String> other = Channel.create(String.class);
        opened.push(other);
        give(OpaqueReceiver.class, other.receiver().erase());
        Duplex.Pair<String, String> pair = Duplex.create(String.class, String.class);
        samples.put(Duplex.Pair.class, pair);
        give(Duplex.class, pair.near());
        opened.push(pair.far());
        samples.put(Link.class, pair.near());
        give(InProcess.class, InProcess.open(String.class));
        give(InProcessDuplex.class, InProcessDuplex.open(String.class, String.class));
        give(SharedBytes.class, SharedBytes.of(new byte[1]));
        give(ReceiverSet.class, ReceiverSet.open());
        give(Router.class, Router.open());
        give(OneShotServer.class, OneShotServer.open(String.class));
        return pair.near();
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // its questions and answers are strings
    private void makeCalls() throws Exception {
        Caller.Pair<String, String> pair = Caller.create(String.class, String.class);
        Caller<String, String> caller = give(Caller.class, pair.near());
        Responder<String, String> responder = give(Responder.class, new Responder<>(pair.far()));
        give(Parts.class, caller.stream("one"));
        CallObserver<String> nobody = (CallObserver<String>) of(CallObserver.class);
        samples.put(ObservedCall.class, caller.observe("two", nobody));
        Question<String, String> question = responder.receive(Children.PATIENCE);
        samples.put(Question.class, question);
        Constructor<JobReply> reply =
                JobReply.class.getDeclaredConstructor(Question.class, Responder.class);
        reply.setAccessible(true);
        samples.put(JobReply.class, reply.newInstance(question, responder));
        Constructor<?> worker = Worker.class.getDeclaredConstructors()[0];
        worker.setAccessible(true);
        samples.put(Worker.class, worker.newInstance(responder, null));
    }

    private void makeNames() throws Exception {
        give(NamedOptions.class, NamedOptions.defaults());
        give(Unreceived.class, Unreceived.FAIL);
        NamedChannel<String> channel = give(NamedChannel.class,
                NamedChannel.open("samples", String.class));
        samples.put(NamedSender.class, channel.sender());
        samples.put(NamedReceiver.class, channel.receiver());
        Heartbeat beat = channel.receiver().startHeartbeat(Duration.ofMinutes(1));
        samples.put(Heartbeat.class, beat);
        give(NamedService.class, NamedService.serve("samples", String.class, String.class,
                (question, _) -> question));
        give(NamedCaller.class, NamedCaller.open("samples", String.class, String.class));
        give(NamedSignal.class, NamedSignal.open("samples"));
        give(BroadcastOptions.class, BroadcastOptions.defaults());
        give(SlowReader.class, SlowReader.WAIT);
        give(ChannelType.class, ChannelType.CHANNEL);
        give(ConnMode.class, ConnMode.BOTH);
        give(IpcChannel.class, IpcChannel.open(ChannelType.CHANNEL, "samples", ConnMode.BOTH,
                String.class));
    }

    private void makeQueues() {
        give(ZipcOptions.class, ZipcOptions.defaults());
        give(ZipcDialect.class, ZipcDialect.CURRENT);
        MemorySegment memory =
                Arena.ofAuto().allocate(Zipc.sharedMemorySize(2, 1), Long.BYTES);
        give(MemorySegment.class, memory);
        ZipcSender sender = give(ZipcSender.class, ZipcSender.over(memory, "/samples", 2, 1, 1));
        samples.put(ZipcEnd.class, sender);
        ZipcReceiver receiver =
                give(ZipcReceiver.class, ZipcReceiver.over(memory, "/samples", 2, 1, 2));
        boolean _ = sender.send(new byte[1]);
        samples.put(ZipcMessage.class, receiver.receive());
    }

    private void makeProcesses(Duplex<String, String> ends) throws Exception {
        ChildJvm start = ChildJvm.ofCommand("cat").output(Output.capture())
                .errors(Output.capture());
        samples.put(ChildJvm.class, start);
        ChildProcess child = give(ChildProcess.class, start.start());
        samples.put(AwaitedChild.class, new AwaitedChild(child.process(), "a child"));
        samples.put(Process.class, child.process());
        samples.put(ChildOutput.class, child.output());
        samples.put(ChildLink.class, new ChildLink<>(child, ends));
        WorkerSetBuilder<String, String> builder = give(WorkerSetBuilder.class,
                WorkerSet.builder(String.class, String.class).worker(start).workerCount(0));
        WorkerSet<String, String> set = give(WorkerSet.class, builder.start());
        samples.put(JobService.class, set);
        samples.put(JobBuilder.class, set.job("word"));
        samples.put(JobOptions.class, set.defaults());
        samples.put(JobMapping.class, set.mapping());
        samples.put(Latencies.class, set.stats().latencies());
    }
}
