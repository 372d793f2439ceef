package dev.ipcchannel.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The name by which a program calls itself. */
@Timeout(30)
class CommandTest {
    @AfterEach
    void startedByNobody() {
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
}
