package dev.ipcchannel.torture;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The storms that there are.
@Timeout(60)
class StormsTest {

    @Test
    void everyStormHasAWordOfItsOwnAndAnAim() {
        assertThat(Storms.all()).extracting(Storm::name).doesNotHaveDuplicates()
                .allSatisfy(name -> assertThat(name).matches("[a-z]{3,10}"))
                .doesNotContain("all", "list");
        assertThat(Storms.all()).extracting(Storm::aim)
                .allSatisfy(aim -> assertThat(aim).hasSizeGreaterThan(20));
    }
}
