package dev.ipcchannel.transport;

import dev.ipcchannel.Codec;
import dev.ipcchannel.TypeMismatch;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.internal.codec.TypeDescription;
import dev.ipcchannel.internal.stream.SocketHello;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The types of a link, for error texts about two sides whose types differ. The text names the
/// user's types, without the records that calls and jobs put around them.
///
/// @param sent the messages of the parent
/// @param received the messages to the parent
record LinkTypes(Flow sent, Flow received) {

    private static final String CUT = "...#"; // in a shortened description, see TypeMismatch#here
    private static final List<String> JOB = List.of("Ask", "question", "Bidirectional", "data");
    private static final List<String> QUESTION = List.of("Ask", "question");
    private static final List<String> RESULT = List.of("Answer", "value", "Value", "value");
    private static final List<String> ANSWER = List.of("Answer", "value");

    /// A record of calls or jobs around a user's type: the path to the user's type in the
    /// description, the user's word for it, and the number of types around it. The list has the
    /// deepest first.
    private record Envelope(List<String> path, String what, int depth) {}

    private static final List<Envelope> ENVELOPES = List.of(new Envelope(JOB, "jobs", 2),
            new Envelope(RESULT, "answers", 2), new Envelope(QUESTION, "questions", 1),
            new Envelope(ANSWER, "answers", 1));

    /// A kind of conversation, with the methods that the two sides call for it.
    private enum Conversation {
        JOBS("a WorkerSet", "Worker.serve or Worker.connect"),
        QUESTIONS("ChildJvm.startCaller", "ChildJvm.responder"),
        MESSAGES("ChildJvm.start", "ChildJvm.parent");

        private final String parent;
        private final String child;

        Conversation(String parent, String child) {
            this.parent = parent;
            this.child = child;
        }

        /// The kind of conversation that has such messages.
        private static Conversation of(String messages) {
            if (has(messages, JOB) || has(messages, RESULT)) {
                return JOBS;
            }
            return has(messages, QUESTION) || has(messages, ANSWER) ? QUESTIONS : MESSAGES;
        }

        private static boolean has(String messages, List<String> path) {
            return TypeDescription.inside(messages, path) != null;
        }

        /// The error text about a child that has begun another kind of conversation, valid on both
        /// sides.
        private String refusal(Conversation begun) {
            return ("the child was started by %s and has called %s: have it call %s, or start it by"
                    + " %s").formatted(parent, begun.child, child, begun.parent);
        }
    }

    /// One direction of a link.
    ///
    /// @param what the user's word for the messages of that direction
    /// @param name of the user's type
    /// @param path to the user's type, from the type of the messages
    /// @param description of the type of the messages
    record Flow(String what, String name, List<String> path, String description) {

        private static Flow of(TypeToken<?> messages, String what) {
            String description = Codec.of(messages).description();
            for (Envelope envelope : ENVELOPES) {
                Type inside = inside(messages.type(), envelope.depth());
                if (inside != null && Conversation.has(description, envelope.path())) {
                    return new Flow(envelope.what(), name(inside), envelope.path(), description);
                }
            }
            return new Flow(what, name(messages.type()), List.of(), description);
        }

        /// The type argument at that depth: calls and jobs have one type argument, which has the
        /// user's type inside.
        private static @Nullable Type inside(Type type, int depth) {
            if (depth == 0) {
                return type;
            }
            return type instanceof ParameterizedType generic
                    && generic.getActualTypeArguments().length == 1
                            ? inside(generic.getActualTypeArguments()[0], depth - 1) : null;
        }

        private static String name(Type type) {
            return type.getTypeName().replaceAll("[\\w.$]+[.$]\\d*(?=\\w)", "");
        }

        /// The description of the user's type within a description of messages; all of that, if it
        /// has no such type inside.
        private String own(String messages) {
            String own = TypeDescription.inside(messages, path);
            return own == null ? messages : own;
        }

        /// Whether the descriptions agree. An empty one agrees with everything.
        private boolean isAsIn(String theirs) {
            return description.isEmpty() || theirs.isEmpty() || description.equals(theirs);
        }

        private String forParent(String theirs, String there) {
            return what + ": "
                    + TypeDescription.difference(own(description), own(theirs), name, there);
        }

        private String forChild(String theirs) {
            return what + ": " + TypeDescription.differenceForOther(own(description), own(theirs),
                    name, "in the parent");
        }

        private Flow named(String other) {
            return new Flow(other, name, path, description);
        }

        /// Whether this is the type of a description, which may be shortened.
        private boolean isBegunBy(String messages) {
            int cut = messages.lastIndexOf(CUT);
            return cut < 0 ? description.equals(messages)
                    : description.startsWith(messages.substring(0, cut));
        }
    }

    /// @param sent the type of the messages of the parent
    /// @param received the type of the messages to the parent
    static LinkTypes of(TypeToken<?> sent, TypeToken<?> received) {
        return new LinkTypes(Flow.of(sent, "what goes to the child"),
                Flow.of(received, "what comes from the child"));
    }

    /// The differences from a child's types, as an exception in the parent.
    ///
    /// @return null if the types agree
    @Nullable
    TypeMismatch mismatch(SocketHello child) {
        boolean isSentAlike = sent.isAsIn(child.in());
        if (isSentAlike && received.isAsIn(child.out())) {
            return null;
        }
        Flow flow = isSentAlike ? received : sent;
        String theirs = isSentAlike ? child.out() : child.in();
        return new TypeMismatch("the two sides of the link differ in the type of its messages: "
                + differences(!isSentAlike, theirs, flow.what()), flow.description(), theirs);
    }

    /// The subject of a mismatch.
    ///
    /// @param flow of the types that differ
    /// @param what the word for the messages, if both directions have the same type
    private record Place(Flow flow, boolean isOfSent, String what) {}

    /// @return null if it is about something else, or the other side has no description
    private @Nullable Place place(TypeMismatch mismatch) {
        boolean isOfSent = sent.isBegunBy(mismatch.here());
        boolean isOfReceived = received.isBegunBy(mismatch.here());
        if (mismatch.there().isEmpty() || !(isOfSent || isOfReceived)) {
            return null;
        }
        Flow flow = isOfSent ? sent : received;
        return new Place(flow, isOfSent, isOfSent && isOfReceived ? "messages" : flow.what());
    }

    /// The exception reworded for a child, with its name; unchanged if it cannot be interpreted.
    TypeMismatch of(TypeMismatch mismatch, String child) {
        Place place = place(mismatch);
        if (place == null) {
            return mismatch;
        }
        String there = mismatch.there();
        boolean isOfAnotherKind = Conversation.of(there) != conversation();
        return new TypeMismatch((isOfAnotherKind
                ? "the child has begun another conversation than this program: child=%s: %s"
                : "the child means other types than this program: child=%s: %s").formatted(child,
                        differences(place.isOfSent(), there, place.what())),
                mismatch.here(), there);
    }

    /// The exception reworded for the child itself.
    ///
    /// @return null if it cannot be interpreted
    @Nullable
    String forChild(TypeMismatch mismatch) {
        Place place = place(mismatch);
        if (place == null) {
            return null;
        }
        String there = mismatch.there();
        Conversation begun = Conversation.of(there);
        return begun == conversation()
                ? place.flow().named(place.what()).forChild(there) + remedy(place.isOfSent(), there)
                : conversation().refusal(begun);
    }

    /// The method that a child calls for such a conversation.
    String childCall() {
        return conversation().child;
    }

    /// Whether the conversation is one of plain messages, not of questions or jobs.
    boolean isOfMessages() {
        return conversation() == Conversation.MESSAGES;
    }

    private Conversation conversation() {
        return Conversation.of(sent.description());
    }

    private String differences(boolean isOfSent, String theirs, String what) {
        Conversation begun = Conversation.of(theirs);
        if (begun != conversation()) {
            return conversation().refusal(begun);
        }
        Flow flow = isOfSent ? sent : received;
        return flow.named(what).forParent(theirs,
                begun == Conversation.JOBS ? "in the worker" : "in the child")
                + remedy(isOfSent, theirs);
    }

    /// The remedy, in words that are valid on both sides.
    private String remedy(boolean isOfSent, String theirs) {
        Flow flow = isOfSent ? sent : received;
        Flow other = isOfSent ? received : sent;
        boolean isSwapped = flow.own(theirs).equals(other.own(other.description()));
        return ": give both sides the same one"
                + (isSwapped ? "; are the two classes the wrong way round?" : "");
    }
}
