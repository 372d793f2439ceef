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

/// The bytes that a child is started with: text in the letters of its locale, names of files as
/// they are on the disk. What cannot arrive as it was is refused by its name.
///
/// A JVM reads its main arguments, its properties and its environment in the charset of its locale
/// (`sun.jnu.encoding`), and makes U+FFFD of what that cannot read: in the C locale of each byte of
/// a letter beyond ASCII. No file of arguments, option or escape gets around that. It finds its
/// classes, too, by names that it has read so; where names go through unharmed, though as other
/// letters, in ISO-8859-1 for instance, they lead to the same files. The JDK of the parent, in
/// turn, writes words in the charset of its own locale, with a question mark for each letter that
/// this lacks.
///
/// @param there the charset of the child's locale
record ChildEncoding(Charset there) {

    private static final String REFUSED = "the child cannot be started: ";
    private static final char UNREAD = '\ufffd'; // a letter that the JDK could not read
    private static final String REMEDY =
            ": give it a locale that has them, environment(\"LC_ALL\", \"C.UTF-8\") for instance";

    /// Words that a program can be given.
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

    /// Text as the child reads it.
    ///
    /// @param what what it is and the name that the user knows it by
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

    /// What to do where the child's locale lacks letters: of those that this JVM could not read
    /// itself nothing is left that a child could be given.
    ///
    /// @param here the charset of this JVM's locale
    static String remedy(String text, Charset here) {
        return text.indexOf(UNREAD) >= 0 && !here.newEncoder().canEncode(UNREAD)
                ? ": this JVM's own locale has lost its letters: start this program with"
                        + " LC_ALL=C.UTF-8"
                : REMEDY;
    }

    /// Where a surrogate stands alone; -1 where none does.
    private static int half(String text) {
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            int point = text.codePointAt(i);
            if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
                return i;
            }
        }
        return -1;
    }

    /// An option of its JVM: of a property the value is text, all else may name a file.
    byte[] option(String option) {
        String name = option.split("=", 2)[0];
        return name.startsWith("-D") ? text("option=" + name, option) : name("option", option);
    }

    /// The name of a file, or of several with colons between them, that the child looks for.
    byte[] name(String what, String names) {
        for (String name : names.split(File.pathSeparator, -1)) {
            checkReadable(what, name, nameHere(what, name));
        }
        return FileNames.bytes(names);
    }

    /// The name of a file that only the system looks for.
    static byte[] nameHere(String what, String name) {
        if (!FileNames.canHold(name)) {
            throw new ChildFailed(REFUSED + "this JVM's locale does not have the letters of a name:"
                    + " %s=%s, charset=%s: start this JVM with LC_ALL=C.UTF-8".formatted(what,
                            Printable.path(name), FileNames.CHARSET));
        }
        return FileNames.bytes(name);
    }

    /// The same of a file that is known by more than letters.
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

    /// A word as this JVM has to say it, to be asked only where it can.
    static String said(byte[] word) {
        String text = FileNames.text(word);
        if (text == null) {
            throw new IllegalArgumentException("this locale has no letters for a word");
        }
        return text;
    }
}
