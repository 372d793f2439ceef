package dev.ipcchannel.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Records of a named module: they are the module's own, until it opens their package or hands a
/// lookup over.
@Timeout(60)
class ModuleAccessTest {

    private static final String MODULE = "module shop { exports shop; }";

    private static final String ACCESS = """
            package shop;
            public class Access {
                record Parcel(int weight, String label) {}
                public static final Class<?> TYPE = Parcel.class;
                public static final Object PARCEL = new Parcel(3, "x");
                public static java.lang.invoke.MethodHandles.Lookup lookup() {
                    return java.lang.invoke.MethodHandles.lookup();
                }
            }
            """;

    @TempDir
    Path directory;

    private Class<?> type;
    private Object parcel;
    private MethodHandles.Lookup lookup;

    @BeforeEach
    void startShop() throws Exception {
        Path module = write("module-info.java", MODULE);
        Path source = write("Access.java", ACCESS);
        Path classes = directory.resolve("classes");
        int exit = ToolProvider.findFirst("javac").orElseThrow().run(System.out, System.err, "-d",
                classes.toString(), module.toString(), source.toString());
        assertThat(exit).isZero();
        ModuleLayer boot = ModuleLayer.boot();
        Configuration configuration = boot.configuration().resolve(ModuleFinder.of(classes),
                ModuleFinder.of(), Set.of("shop"));
        ClassLoader loader = ModuleLayer.defineModulesWithOneLoader(configuration, List.of(boot),
                ClassLoader.getSystemClassLoader()).layer().findLoader("shop");
        Class<?> access = loader.loadClass("shop.Access");
        type = (Class<?>) access.getField("TYPE").get(null);
        parcel = access.getField("PARCEL").get(null);
        lookup = (MethodHandles.Lookup) access.getMethod("lookup").invoke(null);
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    @Test
    void recordOfAClosedPackageIsRefusedWithTheLineToAdd() {
        assertThatThrownBy(() -> TypePlan.binary(type, EndType.Search.none(), null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "a record may not be read: record=shop.Access$Parcel, in=Parcel: add to"
                                + " its module-info: opens shop to dev.ipcchannel; or pass a "
                                + "MethodHandles.lookup() of its module");
    }

    @Test
    void lookupOfAnotherModuleDoesNotHelp() {
        assertThatThrownBy(
                () -> TypePlan.binary(type, EndType.Search.none(), MethodHandles.lookup()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void lookupOfTheModuleOpensTheRecordInEveryFormat() {
        TypePlan<Object> binary = TypePlan.binary(type, EndType.Search.none(), lookup);
        TypePlan<Object> composed = TypePlan.binary(type, EndType.Search.none(), lookup);
        ((BinaryPlan<?>) composed).compose();
        TypePlan<Object> json = TypePlan.json(type, EndType.Search.none(), lookup);

        for (TypePlan<Object> plan : List.of(binary, composed, json)) {
            assertThat(Format.roundTrip(plan, parcel)).isEqualTo(parcel);
        }
    }
}
