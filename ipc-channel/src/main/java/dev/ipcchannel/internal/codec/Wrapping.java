package dev.ipcchannel.internal.codec;

import java.lang.reflect.RecordComponent;
import java.lang.reflect.TypeVariable;

/// The records that calls and jobs put around a user's values, which a user never sees: what is
/// wrong with such a value is said from the value on, as where a channel carries it alone.
///
/// They are of rooms that this one does not know, so they are known here by their names.
final class Wrapping {

    private static final String CALL = "dev.ipcchannel.call.";
    private static final String JOB = "dev.ipcchannel.internal.job.";

    private Wrapping() {}

    /// What a person calls the user's value in a component: `a job`; empty where there is none.
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

    /// What a path says of a component that is no user's value.
    static String step(Class<?> record, RecordComponent component) {
        boolean isProgress = record.getName().equals(JOB + "Outcome$Step");
        return (isProgress ? "Progress." : ".") + component.getName();
    }
}
