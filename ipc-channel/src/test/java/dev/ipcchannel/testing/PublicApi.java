package dev.ipcchannel.testing;

import dev.ipcchannel.Channel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The methods that users of the library can call, read from the compiled classes.
public final class PublicApi {

    private static final List<String> EXPORTED = List.of("", "call", "child", "named",
            "select", "testing", "transport", "worker", "zipc");

    private PublicApi() {}

    /// The public types of the exported packages, nested ones as well, in the order of their names.
    public static List<Class<?>> types() {
        return EXPORTED.stream().flatMap(PublicApi::types)
                .sorted(Comparator.comparing(Class::getName)).toList();
    }

    private static Stream<Class<?>> types(String folder) {
        Path classes = classes().resolve("dev/ipcchannel").resolve(folder);
        String prefix = folder.isEmpty() ? "dev.ipcchannel." : "dev.ipcchannel." + folder + ".";
        try (Stream<Path> files = Files.list(classes)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".class") && !name.endsWith("-info.class"))
                    .<Class<?>>map(name -> load(
                            prefix + name.substring(0, name.length() - ".class".length())))
                    .filter(PublicApi::isPublic)
                    .filter(type -> !type.getSimpleName().endsWith("Access")) // the library's own
                    .toList().stream();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Path classes() {
        try {
            return Path.of(Channel.class.getProtectionDomain().getCodeSource().getLocation()
                    .toURI());
        } catch (URISyntaxException failure) {
            throw new AssertionError(failure);
        }
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, PublicApi.class.getClassLoader());
        } catch (ClassNotFoundException failure) {
            throw new AssertionError(failure);
        }
    }

    private static boolean isPublic(Class<?> type) {
        Class<?> outer = type.getEnclosingClass();
        return Modifier.isPublic(type.getModifiers()) && (outer == null || isPublic(outer));
    }

    /// The public methods that the type itself declares and its source shows.
    public static List<Method> methods(Class<?> type) {
        return Arrays.stream(type.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()) && !method.isSynthetic())
                .sorted(Comparator.comparing(Method::toString)).toList();
    }

    /// A method or constructor in a few words: `Channel.create(Class, ChannelOptions)`.
    public static String describe(Executable method) {
        String owner = method.getDeclaringClass().getName().replaceFirst(".*\\.", "");
        return "%s.%s(%s)".formatted(owner, method instanceof Method ? method.getName() : "new",
                Arrays.stream(method.getParameterTypes()).map(Class::getSimpleName)
                        .collect(Collectors.joining(", ")));
    }
}
