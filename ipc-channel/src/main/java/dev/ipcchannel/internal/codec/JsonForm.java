package dev.ipcchannel.internal.codec;

import java.io.IOException;

/// The JSON form of the values of one shape.
interface JsonForm {

    /// The member that names the case of a sealed interface, always the first of its object.
    String TYPE = "$type";

    /// The member that has the value of a case which is not an object.
    String VALUE = "$value";

    /// Writes `value`, which is not null.
    void write(Object value, JsonSink out) throws IOException;

    /// Reads a value.
    Object read(JsonSource in);

    /// Writes `value` as members of an object that was begun.
    default void writeMembers(Object value, JsonSink out) throws IOException {
        out.name(VALUE);
        write(value, out);
    }

    /// Reads all members left in an object.
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
