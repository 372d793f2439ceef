package dev.ipcchannel.internal.codec;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Java's names for the words in descriptions of types.
final class JavaNames {

    private static final Pattern WORD = Pattern.compile("[a-z][a-z0-9]*");
    private static final Map<String, String> CLASSES = classes();
    private static final Map<String, String> PRIMITIVES = primitives();

    private JavaNames() {}

    private static Map<String, String> classes() {
        Map<String, String> names = new HashMap<>(Map.of("string", "String", "list", "List",
                "set", "Set", "map", "Map", "optional", "Optional", "bytes", "byte[]"));
        for (JdkValue jdkValue : JdkValue.values()) {
            names.put(jdkValue.text(), jdkValue.type().getSimpleName());
        }
        for (Primitive primitive : Primitive.values()) {
            names.put(primitive.text(), primitive.wrapper().getSimpleName());
        }
        return Map.copyOf(names);
    }

    private static Map<String, String> primitives() {
        Map<String, String> names = new HashMap<>();
        for (Primitive primitive : Primitive.values()) {
            names.put(primitive.text(), primitive.type().getSimpleName());
        }
        return Map.copyOf(names);
    }

    /// A description, or its beginning, with Java's names for types. Components, cases and
    /// constants keep their names.
    ///
    /// @param isObject whether only objects are possible there: for a type argument, or a whole
    /// message
    static String of(String description, boolean isObject) {
        StringBuilder text = new StringBuilder();
        Matcher word = WORD.matcher(description);
        while (word.find()) {
            boolean isWhole = word.start() == 0
                    || "{:<,".indexOf(description.charAt(word.start() - 1)) >= 0;
            boolean isArray = description.startsWith("[]", word.end());
            char after = word.end() < description.length() ? description.charAt(word.end()) : '>';
            boolean isType = isWhole && (isArray || "<>,}".indexOf(after) >= 0);
            boolean isPrimitive = isArray || (word.start() == 0 ? !isObject
                    : description.charAt(word.start() - 1) == ':');
            String java = !isType ? null : isPrimitive
                    ? PRIMITIVES.getOrDefault(word.group(), CLASSES.get(word.group()))
                    : CLASSES.get(word.group());
            word.appendReplacement(text,
                    Matcher.quoteReplacement(java == null ? word.group() : java));
        }
        return word.appendTail(text).toString();
    }
}
