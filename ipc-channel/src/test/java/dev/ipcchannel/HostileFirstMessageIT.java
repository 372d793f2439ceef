package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.testing.ChildJvm;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.HostilePeer.HostileTalk;
import dev.ipcchannel.testing.children.EndFault;
import dev.ipcchannel.testing.children.EndFaultChild;
import dev.ipcchannel.testing.children.FickleChild;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Hostile children that greet correctly and then send a wrong first message.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostileFirstMessageIT {

    private static final List<EndFault> FAULTS = List.of(EndFault.values());
    private static final int ATTEMPTS = 40;

    @RegisterExtension
    final Children children = new Children();

    @Test
    void endsWithWrongWordsOrDescriptorsAreRefused() throws Exception {
        List<OneShotServer<HostileTalk>> servers = open(FAULTS.size());
        ChildJvm child = children.start(EndFaultChild.class, names(servers));

        SoftAssertions all = new SoftAssertions();
        for (int i = 0; i < FAULTS.size(); i++) {
            OneShotServer<HostileTalk> server = servers.get(i);
            all.assertThatThrownBy(() -> server.accept(child.process(), Children.PATIENCE))
                    .as(FAULTS.get(i).name()).isInstanceOf(CodecFailed.class);
        }

        servers.forEach(OneShotServer::close);
        all.assertAll();
        child.cue();
        child.awaitExit(0);
    }

    @Test
    void messageThatIsThereAndThenIsNotIsNoMishapOfTheParents() throws Exception {
        List<OneShotServer<HostileTalk>> servers = open(ATTEMPTS);
        ChildJvm child = children.start(FickleChild.class, names(servers));

        for (OneShotServer<HostileTalk> server : servers) {
            assertThatThrownBy(() -> server.accept(child.process(), Children.PATIENCE))
                    .isInstanceOf(IpcException.class);
        }

        child.kill();
        servers.forEach(OneShotServer::close);
    }

    private static List<OneShotServer<HostileTalk>> open(int count) {
        List<OneShotServer<HostileTalk>> servers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            servers.add(OneShotServer.open(HostileTalk.class));
        }
        return servers;
    }

    private static String[] names(List<OneShotServer<HostileTalk>> servers) {
        return servers.stream().map(OneShotServer::name).toArray(String[]::new);
    }
}
