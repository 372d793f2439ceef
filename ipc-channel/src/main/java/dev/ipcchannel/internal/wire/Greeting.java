package dev.ipcchannel.internal.wire;

import dev.ipcchannel.internal.base.Refusal;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Packet;
import dev.ipcchannel.internal.posix.PosixException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The packets between two members of a name. The connecting member sends [#HELLO], the other one
/// answers [#WELCOME] or [#REFUSED]; after a welcome either may send a [Notice]. A process that may
/// not be a member gets [#REFUSED] as the first packet, with the reason.
///
/// ```text
///     HELLO, WELCOME   0: kind (1)   8: "ipc-name" (8)   16: version (8)   24: member (8)
///                      32: pid (8)   40: words (8 each)   + descriptors
///     REFUSED          0: kind (1)   1: a refusal, without a text where the two are connected
///     notices          0: kind (1)   8: value (8)   + descriptor
/// ```
///
/// The words and the descriptors are those of a [Transfer]: what the other member needs.
public final class Greeting {

    public static final int HELLO = 1;
    public static final int WELCOME = 2;
    public static final int REFUSED = 3;

    /// The version of everything that two members have to agree on.
    public static final long VERSION = 2;

    /// The reason in a refusal that gives none: the two have another connection, or one of them is
    /// closing.
    public static final String NO_REASON = "";

    private static final int KIND = 0;
    private static final int REASON = 1;
    private static final int MAGIC = 8;
    private static final int VALUE = 8;
    private static final int VERSION_OFFSET = 16;
    private static final int MEMBER = 24;
    private static final int PID = 32;
    private static final int WORDS = 40;
    private static final long NAME_MAGIC = 0x656d616e2d637069L; // "ipc-name", little-endian

    private Greeting() {}

    public static Packet.Sending send(Descriptor connection, int kind, long member, long pid,
            Transfer transfer) {
        long[] words = transfer.words();
        try (Packet packet = new Packet()) {
            packet.putByte(KIND, kind).putLong(MAGIC, NAME_MAGIC)
                    .putLong(VERSION_OFFSET, VERSION).putLong(MEMBER, member).putLong(PID, pid);
            for (int i = 0; i < words.length; i++) {
                packet.putLong(WORDS + i * Long.BYTES, words[i]);
            }
            return packet.send(connection, transfer.descriptors());
        }
    }

    /// Sends the reason why another process is not admitted, if that process is there and has room
    /// for it.
    public static void refuse(Descriptor connection, String reason) {
        try (Packet packet = new Packet()) {
            Packet.Sending _ = packet.putByte(KIND, REFUSED)
                    .putBytes(REASON, new Refusal(false, reason).toBytes())
                    .send(connection, List.of());
        } catch (PosixException | OutOfMemoryError _) {
            // The end of the connection says enough.
        }
    }

    public static Packet.Sending send(Descriptor connection, Notice notice) {
        Descriptor file = notice.file();
        try (Packet packet = new Packet()) {
            return packet.putByte(KIND, notice.kind().code()).putLong(VALUE, notice.value())
                    .send(connection, file == null ? List.of() : List.of(file));
        }
    }

    /// Whether it is a greeting of this kind and format, in any version.
    public static boolean is(Packet packet, int kind) {
        return packet.length() >= WORDS && packet.getByte(KIND) == kind
                && packet.getLong(MAGIC) == NAME_MAGIC && !packet.isTruncated();
    }

    public static long version(Packet packet) {
        return packet.getLong(VERSION_OFFSET);
    }

    public static long member(Packet packet) {
        return packet.getLong(MEMBER);
    }

    public static long pid(Packet packet) {
        return packet.getLong(PID);
    }

    /// The transfer that the other member has written. The caller closes its descriptors.
    public static Transfer transfer(Packet packet) {
        long[] words = new long[(packet.length() - WORDS) / Long.BYTES];
        for (int i = 0; i < words.length; i++) {
            words[i] = packet.getLong(WORDS + i * Long.BYTES);
        }
        return Transfer.of(words, new ArrayList<>(packet.takeDescriptors()));
    }

    /// The reason of a refusal; null if it is another packet.
    public static @Nullable String refusal(Packet packet) {
        return packet.getByte(KIND) == REFUSED ? Refusal.read(packet.getBytes(REASON)).reason()
                : null;
    }

    /// The notice in a packet; null if it is another packet.
    public static @Nullable Notice notice(Packet packet) {
        Notice.Kind kind = Notice.Kind.of(packet.getByte(KIND));
        List<Descriptor> files = packet.takeDescriptors();
        if (kind == null || packet.length() != VALUE + Long.BYTES
                || files.size() != (kind == Notice.Kind.BEATS ? 1 : 0)
                || (kind == Notice.Kind.BEATS && packet.getLong(VALUE) <= 0)) {
            Descriptor.closeAll(files);
            return null;
        }
        return new Notice(kind, packet.getLong(VALUE), files.isEmpty() ? null : files.getFirst());
    }
}
