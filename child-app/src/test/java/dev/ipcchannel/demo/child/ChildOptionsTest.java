package dev.ipcchannel.demo.child;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.apache.commons.cli.ParseException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ChildOptionsTest {

    @Test
    void theNameComesFromAnArgumentOfEitherForm() throws ParseException {
        assertThat(parse("channel_name:/a").channelName()).isEqualTo("/a");
        assertThat(parse("--channel_name", "/a").channelName()).isEqualTo("/a");
        assertThat(parse("--channel_name=/a").channelName()).isEqualTo("/a");
    }

    @Test
    void theArgumentWinsOverTheEnvironment() throws ParseException {
        Map<String, String> environment = Map.of("CHANNEL_NAME", "/environment");

        assertThat(ChildOptions.parse(new String[0], environment).channelName())
                .isEqualTo("/environment");
        assertThat(ChildOptions.parse(new String[]{"channel_name:/argument"}, environment)
                .channelName()).isEqualTo("/argument");
    }

    @Test
    void aNameMayHaveSpacesAndColons() throws ParseException {
        assertThat(parse("channel_name:/a b:c").channelName()).isEqualTo("/a b:c");
    }

    @Test
    void noNameOrAnEmptyOneIsRefused() {
        assertThatThrownBy(() -> parse()).isInstanceOf(ParseException.class)
                .hasMessageContaining("missing");
        assertThatThrownBy(() -> parse("channel_name:")).isInstanceOf(ParseException.class)
                .hasMessageContaining("missing");
    }

    @Test
    void nameThatIsNoPathIsRefused() {
        assertThatThrownBy(() -> parse("channel_name:foo")).isInstanceOf(ParseException.class)
                .hasMessageContaining("name=foo");
    }

    @Test
    void optionWithoutItsValueIsNamedAsTyped() {
        assertThatThrownBy(() -> parse("--channel_name")).isInstanceOf(ParseException.class)
                .hasMessage("--channel_name needs its NAME: see --help");
    }

    @Test
    void twoNamesAreRefused() {
        assertThatThrownBy(() -> parse("channel_name:/a", "--channel_name", "/b"))
                .isInstanceOf(ParseException.class).hasMessageContaining("[/b, /a]");
    }

    @Test
    void whatIsNotUnderstoodIsNamed() {
        assertThatThrownBy(() -> parse("/a")).isInstanceOf(ParseException.class)
                .hasMessageContaining("argument=/a");
        assertThatThrownBy(() -> parse("--channel", "/a")).isInstanceOf(ParseException.class)
                .hasMessage("there is no option --channel: see --help");
    }

    private static ChildOptions parse(String... arguments) throws ParseException {
        return ChildOptions.parse(arguments, Map.of());
    }
}
