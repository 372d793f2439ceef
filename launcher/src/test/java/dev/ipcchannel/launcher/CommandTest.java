package dev.ipcchannel.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The name by which a program calls itself. */
@Timeout(30)
class CommandTest {
    @AfterEach
    void startedByHand() {
        System.clearProperty(Command.SCRIPT);
    }

    @Test
    void programOfItsOwnHasItsName() {
        assertThat(Command.name("words")).isEqualTo("words");
        assertThat(Command.help()).isEqualTo("--help");
    }

    @Test
    void programOfAScriptHasTheNameThatWasTyped() {
        System.setProperty(Command.SCRIPT, "demo");

        assertThat(Command.name("words")).isEqualTo("demo");
        assertThat(Command.help()).isEqualTo("scripts/demo --help");
    }

    @Test
    void wordIsShownShortAndHarmless() {
        assertThat(Command.shown("a\33[1m\n")).isEqualTo("a\\u001b[1m\\u000a");
        assertThat(Command.shown("\ud83d\ude00".repeat(201)))
                .isEqualTo("\ud83d\ude00".repeat(200) + "... (201 letters)");
    }
}
