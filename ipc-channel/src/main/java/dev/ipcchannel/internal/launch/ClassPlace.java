package dev.ipcchannel.internal.launch;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The place of a class file, as a class loader of this JVM names it.
///
/// @param url its name
/// @param root the folder or jar of a class path that has it; null if it is in neither, but in a
/// jar within a jar, in memory, or in the run-time image
/// @param release the release of Java that it was compiled for; 0 if it cannot be read
/// @param isPreview whether it needs `--enable-preview`
record ClassPlace(URL url, @Nullable Path root, int release, boolean isPreview) {

    private static final int MAGIC = 0xcafebabe;
    private static final int PREVIEW = 0xffff; // the minor version of such a class
    private static final int BEFORE_JAVA_1 = 44; // major versions count from here
    private static final String IN_JAR = "!/";
    private static final String VERSIONS = "META-INF/versions/";

    /// The place of a loaded class.
    ///
    /// @return null if its loader names none
    static @Nullable ClassPlace of(Class<?> type) {
        String file = file(type.getName());
        URL url = type.getModule().isNamed() ? type.getResource("/" + file)
                : find(file, type.getClassLoader());
        return url == null ? null : at(url, file);
    }

    /// The place of a class by its name, as `loader` or a loader above it finds it.
    static @Nullable ClassPlace of(String name, @Nullable ClassLoader loader) {
        String file = file(name);
        URL url = find(file, loader);
        return url == null ? null : at(url, file);
    }

    private static String file(String name) {
        return name.replace('.', '/') + ".class";
    }

    /// The loader's own file first: a loader above may have another class of the same name.
    private static @Nullable URL find(String file, @Nullable ClassLoader loader) {
        if (loader == null) {
            return ClassLoader.getSystemResource(file);
        }
        URL own = loader instanceof URLClassLoader urls ? urls.findResource(file) : null;
        return own == null ? loader.getResource(file) : own;
    }

    private static ClassPlace at(URL url, String file) {
        Path root = root(url, file);
        try (DataInputStream head = new DataInputStream(url.openStream())) {
            if (head.readInt() == MAGIC) {
                int minor = head.readUnsignedShort();
                int release = head.readUnsignedShort() - BEFORE_JAVA_1;
                return new ClassPlace(url, root, release, minor == PREVIEW);
            }
        } catch (IOException _) {
            // The child reports what is wrong with it.
        }
        return new ClassPlace(url, root, 0, false);
    }

    private static @Nullable Path root(URL url, String file) {
        String path = url.getPath();
        return switch (url.getProtocol()) {
            case "file" -> path.endsWith("/" + file)
                    ? path("file:" + path.substring(0, path.length() - file.length())) : null;
            case "jar" -> {
                int end = path.indexOf(IN_JAR);
                String entry = end < 0 ? "" : path.substring(end + IN_JAR.length());
                boolean isEntry = entry.equals(file)
                        || (entry.startsWith(VERSIONS) && entry.endsWith("/" + file));
                yield isEntry && path.startsWith("file:") ? path(path.substring(0, end)) : null;
            }
            default -> null;
        };
    }

    /// The folder or jar that an entry of a loader's list names.
    ///
    /// @return null if it is neither
    static @Nullable Path of(URL entry) {
        String text = entry.toString();
        if (text.startsWith("jar:file:") && text.indexOf(IN_JAR) == text.length() - 2) {
            return path(text.substring("jar:".length(), text.length() - IN_JAR.length()));
        }
        return entry.getProtocol().equals("file") ? path(text) : null;
    }

    /// A loader also reads names that are not URIs, for instance with a blank.
    private static @Nullable Path path(String url) {
        try {
            return Path.of(new URI(url));
        } catch (URISyntaxException _) {
            return Path.of(url.substring("file:".length()));
        } catch (IllegalArgumentException | FileSystemNotFoundException _) {
            return null; // for instance of another machine
        }
    }
}
