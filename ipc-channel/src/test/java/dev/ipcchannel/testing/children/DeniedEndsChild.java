package dev.ipcchannel.testing.children;

import dev.ipcchannel.UnsupportedPlatform;
import dev.ipcchannel.named.NamedCaller;
import dev.ipcchannel.named.NamedChannel;
import dev.ipcchannel.named.NamedDirectory;
import dev.ipcchannel.named.NamedReceiver;
import dev.ipcchannel.named.NamedSender;
import dev.ipcchannel.named.NamedService;
import dev.ipcchannel.named.NamedSignal;
import dev.ipcchannel.zipc.Zipc;
import dev.ipcchannel.zipc.ZipcReceiver;
import dev.ipcchannel.zipc.ZipcSender;
import java.util.List;
import java.util.concurrent.Callable;

/// A child that calls each entry point of names and zipc queues in a JVM in which the library
/// cannot run, and prints the failures.
public final class DeniedEndsChild {

    private DeniedEndsChild() {}

    public static void main(String[] arguments) throws Exception {
        for (Callable<?> entry : List.<Callable<?>>of(
                () -> NamedSender.open("words", String.class),
                () -> NamedReceiver.open("words", String.class),
                () -> NamedChannel.open("words", String.class),
                () -> NamedCaller.open("words", String.class, String.class),
                () -> NamedService.serve("words", String.class, String.class, (word, _) -> word),
                () -> NamedSignal.open("words"), NamedDirectory::list, NamedDirectory::path,
                () -> ZipcSender.open("/zipc-denied", 8, 100),
                () -> ZipcReceiver.open("/zipc-denied", 8, 100), DeniedEndsChild::unlinked)) {
            try {
                System.out.println("not refused: " + entry.call());
            } catch (UnsupportedPlatform refusal) {
                System.out.println("UnsupportedPlatform: " + refusal.getMessage());
            }
        }
    }

    private static String unlinked() {
        Zipc.unlink("/zipc-denied");
        return "unlinked";
    }
}
