package dev.ipcchannel.worker;

import dev.ipcchannel.HandshakeFailed;
import dev.ipcchannel.IpcException;
import dev.ipcchannel.TypeMismatch;
import dev.ipcchannel.internal.base.Printable;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Why a parent does not talk to a child: one byte, 1 where they mean other types, then a sentence.
///
/// @param isOfTypes whether it is because of the types of messages
/// @param reason for a person
record Refusal(boolean isOfTypes, String reason) {

    SocketFrame toFrame() {
        byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        byte[] bytes = new byte[text.length + 1];
        bytes[0] = (byte) (isOfTypes ? 1 : 0);
        System.arraycopy(text, 0, bytes, 1, text.length);
        return new SocketFrame(SocketFrame.Kind.REFUSAL, bytes);
    }

    static Refusal read(byte[] bytes) {
        return bytes.length == 0 ? new Refusal(false, "no reason given")
                : new Refusal(bytes[0] == 1, new String(Arrays.copyOfRange(bytes, 1, bytes.length),
                        StandardCharsets.UTF_8));
    }

    /// What the refused child throws.
    IpcException toException(String who) {
        String message = "%s: %s".formatted(who, Printable.of(reason));
        return isOfTypes ? new TypeMismatch(message) : new HandshakeFailed(message);
    }
}
