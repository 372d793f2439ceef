package dev.ipcchannel.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.internal.codec.Samples.Node;
import dev.ipcchannel.internal.codec.Samples.Tree;
import dev.ipcchannel.internal.value.CodecException;
import dev.ipcchannel.internal.value.Depth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Values inside values: they meet the limit before they meet the end of a stack of half a
/// mebibyte.
@Timeout(60)
class DepthTest {

    private static final long STACK_BYTES = 512 * 1024;

    /// A record with a type of three levels between each two of its values.
    record Deep(Optional<List<Map<Integer, Deep>>> next) {}

    /// A record with much else in it.
    @SuppressWarnings("ArrayRecordComponent") // the subject of tests
    record Broad(long a, long b, long c, long d, long e, long f, long g, long h, Broad[] inner) {}

    private static <T> T onASmallStack(java.util.concurrent.Callable<T> task) throws Exception {
        var future = new FutureTask<>(task);
        Thread.ofPlatform().stackSize(STACK_BYTES).start(future);
        return future.get();
    }

    private static Node nodes(int count) {
        Node node = new Node(0, Optional.empty());
        for (int i = 1; i < count; i++) {
            node = new Node(i, Optional.of(node));
        }
        return node;
    }

    private static Deep deeps(int count) {
        Deep deep = new Deep(Optional.empty());
        for (int i = 1; i < count; i++) {
            deep = new Deep(Optional.of(List.of(Map.of(1, deep))));
        }
        return deep;
    }

    @ParameterizedTest
    @EnumSource
    void valuesUpToTheLimitArriveOnASmallStack(Format format) throws Exception {
        // A node is two levels deep, itself and its optional; a deep is four.
        Node nodes = onASmallStack(() -> Format.roundTrip(format.plan(Node.class),
                nodes(Depth.LIMIT / 2 + 1)));
        Deep deeps = onASmallStack(() -> Format.roundTrip(format.plan(Deep.class),
                deeps(Depth.LIMIT / 4 + 1)));

        assertThat(nodes.id()).isEqualTo(Depth.LIMIT / 2);
        assertThat(deeps.next()).isPresent();
    }

    @ParameterizedTest
    @EnumSource
    void oneMoreIsRefusedWithAShortPath(Format format) {
        assertThatThrownBy(() -> onASmallStack(() -> Format.encode(format.plan(Node.class),
                nodes(Depth.LIMIT / 2 + 2)))).cause()
                .isInstanceOf(CodecException.class)
                .hasMessage("Node" + ".next".repeat(7) + "…" + ".next".repeat(8)
                        + " is nested too deep: limit=500");
    }

    @ParameterizedTest
    @EnumSource
    void valueThatContainsItselfIsRefused(Format format) {
        List<Tree> children = new ArrayList<>();
        Tree tree = new Tree("round", children);
        children.add(tree);
        Broad[] inner = new Broad[1];
        inner[0] = new Broad(1, 2, 3, 4, 5, 6, 7, 8, inner);

        assertThatThrownBy(() -> onASmallStack(() -> Format.encode(format.plan(Tree.class),
                tree))).cause().isInstanceOf(CodecException.class)
                .hasMessageContaining("is nested too deep: limit=500");
        assertThatThrownBy(() -> onASmallStack(() -> Format.encode(format.plan(Broad.class),
                inner[0]))).cause().isInstanceOf(CodecException.class)
                .hasMessageContaining("is nested too deep: limit=500");
    }

    @ParameterizedTest
    @EnumSource
    void bytesThatClaimTooManyLevelsAreRefused(Format format) {
        byte[] bytes;
        if (format == Format.JSON) {
            bytes = "{\"name\":\"\",\"children\":[".repeat(10_000)
                    .getBytes(java.nio.charset.StandardCharsets.UTF_8);
        } else {
            bytes = new byte[20_000];
            for (int i = 1; i < bytes.length; i += 2) {
                bytes[i] = 1; // no name, one child
            }
        }
        assertThatThrownBy(() -> onASmallStack(() -> Format.decode(format.plan(Tree.class),
                bytes))).cause().isInstanceOf(CodecException.class)
                .hasMessageContaining("is nested too deep: limit=500");
    }

    @ParameterizedTest
    @EnumSource
    void planIsOfUseAgainAfterTheLimit(Format format) throws Exception {
        TypePlan<Node> plan = format.plan(Node.class);
        var sink = new ByteSink();
        assertThatThrownBy(() -> plan.encode(nodes(10_000), sink))
                .isInstanceOf(CodecException.class);
        sink.setLength(0);

        plan.encode(nodes(100), sink);

        assertThat(plan.decode(new ByteSource(sink.head(), 0, sink.length())))
                .isEqualTo(nodes(100));
    }
}
