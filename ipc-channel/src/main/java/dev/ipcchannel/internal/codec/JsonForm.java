package dev.ipcchannel.internal.codec;

import java.io.IOException;

/// The form in which values of one shape stand in JSON.
interface JsonForm {

    /// The member that names the case of a sealed interface, always the first of its object.
    String TYPE = "$type";

    /// The member that a case which is no object by itself stands in.
    String VALUE = "$value";

    /// Writes `value`, which is not null.
    void write(Object value, JsonSink out) throws IOException;

    /// Reads a value.
    Object read(JsonSource in);

    /// Writes `value` as members of an object that has been begun.
    default void writeMembers(Object value, JsonSink out) throws IOException {
        out.name(VALUE);
        write(value, out);
    }

    /// Reads all members that are left in an object.
    default Object readMembers(JsonSource in) {
        in.expectName(VALUE);
        return read(in);
    }

    /// A form whose values can be the names of an object's members.
    interface Key extends JsonForm {

        String text(Object value);

        Object parse(String text);
    }
}
