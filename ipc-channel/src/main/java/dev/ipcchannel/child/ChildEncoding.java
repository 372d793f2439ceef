package dev.ipcchannel.child;

import dev.ipcchannel.ChildFailed;
import dev.ipcchannel.internal.base.Argument;
import dev.ipcchannel.internal.base.Printable;
import dev.ipcchannel.internal.posix.FileNames;
import java.io.File;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// An encoding of the words that a child is started with: text in the charset of the child's
/// locale, names of files as they are on the disk. A word that cannot arrive unchanged is refused.
///
/// A JVM reads its main arguments, its properties and its environment in the charset of its locale
/// (`sun.jnu.encoding`). Bytes that the charset lacks become U+FFFD, in the C locale each byte of a
/// letter beyond ASCII. No argument file, option or escape avoids that. A JVM also finds its
/// classes by names read in this way. In a charset such as ISO-8859-1 the letters may be wrong, but
/// the bytes survive, and so the names lead to the same files. The parent's JDK, in turn, writes
/// words in the charset of its own locale, with a question mark for each letter that the charset
/// lacks.
///
/// @param there the charset of the child's locale
record ChildEncoding(Charset there) {

    private static final String REFUSED = "the child cannot be started: ";
    private static final char UNREAD = '\ufffd'; // in place of a letter that the JDK could not read
    private static final String REMEDY =
            ": give it a locale that has them, environment(\"LC_ALL\", \"C.UTF-8\") for instance";

    /// The words as a list, if a program can be given them.
    ///
    /// @throws IllegalArgumentException if no program can be given one of them
    static List<String> words(String what, String... words) {
        for (String word : words) {
            if (Argument.given(word, what).indexOf('\0') >= 0) {
                throw new IllegalArgumentException(
                        "no program can be given a zero character, where a"
                                + " word ends: %s=%s".formatted(what, Printable.quoted(word)));
            }
        }
        return List.of(words);
    }

    /// @throws IllegalArgumentException if no program can be given such a variable
    static void checkVariable(String name, String value) {
        if (name.isEmpty() || name.indexOf('=') >= 0 || name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a variable's name is not empty, and has neither '='"
                    + " nor a zero character: name=" + Printable.quoted(name));
        }
        if (value.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a variable's value has no zero character: name=%s,"
                    .formatted(Printable.path(name)) + " value=" + Printable.quoted(value));
        }
    }

    /// The bytes of a text as the child reads it.
    ///
    /// @param what the kind of text and the user's name for it
    byte[] text(String what, String text) {
        int half = half(text);
        if (half >= 0) {
            throw new ChildFailed(REFUSED
                    + "half of a letter, an unpaired surrogate, is no text: %s,"
                            .formatted(Printable.path(what))
                    + " index=" + half + ": cut texts between letters");
        }
        if (!there.newEncoder().canEncode(text)) {
            throw new ChildFailed(REFUSED + "its locale does not have the letters of what it is"
                    + " given: %s, charset=%s%s".formatted(Printable.path(what), there,
                            remedy(text, FileNames.CHARSET)));
        }
        return text.getBytes(there);
    }

    /// The remedy if the child's locale lacks letters. If this JVM itself could not read them, they
    /// are lost already, and only a restart of this JVM helps.
    ///
    /// @param here the charset of this JVM's locale
    static String remedy(String text, Charset here) {
        return text.indexOf(UNREAD) >= 0 && !here.newEncoder().canEncode(UNREAD)
                ? ": this JVM's own locale has lost its letters: start this program with"
                        + " LC_ALL=C.UTF-8"
                : REMEDY;
    }

    /// The index of an unpaired surrogate; -1 if there is none.
    private static int half(String text) {
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            int point = text.codePointAt(i);
            if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
                return i;
            }
        }
        return -1;
    }

    /// The bytes of an option of the child's JVM. The value of a property is text; every other
    /// option may name a file.
    byte[] option(String option) {
        String name = option.split("=", 2)[0];
        return name.startsWith("-D") ? text("option=" + name, option) : name("option", option);
    }

    /// The bytes of the name of a file that the child opens, or of several names with colons
    /// between them.
    byte[] name(String what, String names) {
        for (String name : names.split(File.pathSeparator, -1)) {
            checkReadable(what, name, nameHere(what, name));
        }
        return FileNames.bytes(names);
    }

    /// The bytes of the name of a file that only the system opens.
    static byte[] nameHere(String what, String name) {
        if (!FileNames.canHold(name)) {
            throw new ChildFailed(REFUSED + "this JVM's locale does not have the letters of a name:"
                    + " %s=%s, charset=%s: start this JVM with LC_ALL=C.UTF-8".formatted(what,
                            Printable.path(name), FileNames.CHARSET));
        }
        return FileNames.bytes(name);
    }

    /// The bytes of the path of a file that the child opens.
    byte[] name(String what, Path file) {
        byte[] bytes = FileNames.bytes(file);
        checkReadable(what, file.toString(), bytes);
        return bytes;
    }

    private void checkReadable(String what, String name, byte[] bytes) {
        if (!Arrays.equals(new String(bytes, there).getBytes(there), bytes)) {
            throw new ChildFailed(REFUSED + "its locale does not have the letters of a name: %s=%s,"
                    .formatted(what, Printable.path(name))
                    + " charset=%s%s".formatted(there, REMEDY));
        }
    }

    /// Whether this JVM can have the system start a child with such words.
    static boolean canSay(Stream<byte[]> words) {
        return words.allMatch(word -> FileNames.text(word) != null);
    }

    /// A word as this JVM has to give it to the JDK. Only for words that [#canSay] accepts.
    static String asText(byte[] word) {
        String text = FileNames.text(word);
        if (text == null) {
            throw new IllegalArgumentException("this locale has no letters for a word");
        }
        return text;
    }
}
