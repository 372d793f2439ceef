package dev.ipcchannel.testing.children;

import java.util.HexFormat;

/// Bytes that are no [WrongBytesChild.Parcel], one thing wrong in each.
public enum TypeFault {

    /// Nothing at all.
    EMPTY(""),
    /// Ends inside the first component.
    CUT_IN_A_NUMBER("01 00"),
    /// Ends inside an element of the list.
    CUT_IN_A_LIST("01 00 00 00 00 02 01 00 00 00 00 00 00 00 02 00"),
    /// Ends before the last component.
    CUT_BEFORE_THE_LAST_COMPONENT("01 00 00 00 00 00 01 61"),
    /// Goes on where the message is over.
    TOO_LONG("01 00 00 00 00 00 01 61 00 00"),
    /// There are two constants.
    WRONG_CONSTANT("01 00 00 00 02 00 01 61 00"),
    /// More elements than any message has bytes.
    HUGE_LIST("01 00 00 00 00 ff ff ff ff 07 01 61 00"),
    /// More elements than a count may have bits.
    ENDLESS_COUNT("01 00 00 00 00 ff ff ff ff ff ff ff ff ff ff ff 01 61 00"),
    /// More bytes than there are.
    HUGE_STRING("01 00 00 00 00 00 ff ff ff ff 07 61 00"),
    /// A byte that never is in UTF-8.
    WRONG_STRING("01 00 00 00 00 00 01 ff 00"),
    /// An optional is there or not.
    WRONG_OPTIONAL("01 00 00 00 00 00 01 61 02"),
    /// An end that no descriptor came for.
    END_WITHOUT_DESCRIPTOR("01 00 00 00 00 00 01 61 01 01 01 00 00 00 00 00 00 00 00"),
    /// An end of more words than there are bytes.
    END_OF_MANY_WORDS("01 00 00 00 00 00 01 61 01 ff ff ff ff 07 00");

    private final String hex;

    TypeFault(String hex) {
        this.hex = hex;
    }

    /// The bytes to send.
    byte[] bytes() {
        return HexFormat.ofDelimiter(" ").parseHex(hex);
    }
}
