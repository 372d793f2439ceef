package dev.ipcchannel.internal.codec;

import java.lang.reflect.RecordComponent;
import java.lang.reflect.TypeVariable;

/// The records in which calls and jobs wrap a user's values, and which a user never sees. A path in
/// a message starts at the user's value, as if a channel carried it alone.
///
/// The records belong to other packages, which this package does not know, so this class has their
/// names.
final class Wrapping {

    private static final String CALL = "dev.ipcchannel.call.";
    private static final String JOB = "dev.ipcchannel.internal.job.";

    private Wrapping() {}

    /// The word for the user's value in a component: `a job`; empty if there is none.
    static String role(Class<?> record, RecordComponent component) {
        String role = switch (record.getName()) {
            case CALL + "Request$Ask" -> "a question";
            case CALL + "Reply$Answer", JOB + "Outcome$Value" -> "an answer";
            case CALL + "Reply$Part" -> "a part of an answer";
            case JOB + "Task$Bidirectional", JOB + "Task$Unidirectional" -> "a job";
            default -> "";
        };
        boolean isUsers = !role.isEmpty() && component.getGenericType() instanceof TypeVariable<?>;
        return isUsers ? role : "";
    }

    /// The step in a path to a component that is not a user's value.
    static String step(Class<?> record, RecordComponent component) {
        boolean isProgress = record.getName().equals(JOB + "Outcome$Step");
        return (isProgress ? "Progress." : ".") + component.getName();
    }
}
