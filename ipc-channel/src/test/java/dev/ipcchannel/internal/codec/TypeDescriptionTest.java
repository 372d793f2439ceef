package dev.ipcchannel.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.ipcchannel.internal.codec.Samples.Figure;
import dev.ipcchannel.internal.codec.Samples.Node;
import dev.ipcchannel.internal.codec.Samples.Order;
import dev.ipcchannel.internal.codec.Samples.Primitives;
import dev.ipcchannel.internal.codec.Samples.Tree;
import dev.ipcchannel.internal.codec.Samples.Wrappers;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The description of types, and the words for the differences between two.
@Timeout(60)
class TypeDescriptionTest {

    private static String binary(Class<?> type) {
        return Format.BINARY.plan(type).description();
    }

    @Test
    void primitivesAndTheirWrappersAreTheSame() {
        assertThat(binary(Primitives.class)).isEqualTo(binary(Wrappers.class))
                .isEqualTo("binary:{bool:bool,i8:i8,i16:i16,character:char,i32:i32,i64:i64,"
                        + "f32:f32,f64:f64}");
    }

    @Test
    void formatsStartDifferently() {
        assertThat(Format.JSON.plan(String.class).description()).isEqualTo("json:string");
        assertThat(Format.BINARY.plan(String.class).description()).isEqualTo("binary:string");
        assertThat(Format.COMPOSED_BINARY.plan(Order.class).description())
                .isEqualTo(Format.BINARY.plan(Order.class).description());
    }

    @Test
    void typeInsideItselfIsCountedFromWithin() {
        assertThat(binary(Node.class)).isEqualTo("binary:{id:i32,next:optional<^1>}");
        assertThat(binary(Tree.class)).isEqualTo("binary:{name:string,children:list<^1>}");
        assertThat(binary(Figure.class)).isEqualTo("binary:sealed(Circle:{radius:f64}"
                + "|Colour:enum(RED|GREEN|BLUE)|Group:{figures:list<^2>}"
                + "|Square:{side:i32}|Point:{})");
    }

    @Test
    void containersHaveTheirElements() {
        assertThat(binary(float[].class)).isEqualTo("binary:f32[]");
        assertThat(binary(String[][].class)).isEqualTo("binary:string[][]");
        assertThat(binary(OptionalInt.class)).isEqualTo("binary:optional<i32>");
        assertThat(binary(Instant.class)).isEqualTo("binary:instant");
        assertThat(Format.BINARY.plan(new Format.Of<Map<String, Set<List<Byte>>>>() {})
                .description()).isEqualTo("binary:map<string,set<list<i8>>>");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "{a:i32}; {a:i64}; field a: int here, long there",
        "{a:i32,b:string}; {a:i32}; field b: only here",
        "{a:i32}; {a:i32,note:string}; field note: only there",
        "{price:f64}; {price:i64,note:string}; field price: double here, long there! "
                + "field note: only there",
        "{a:i32,b:i32}; {b:i32,a:i32}; the same components in another order: (a, b) here, (b, a)"
                + " there",
        "{o:{a:i32,b:i32}}; {o:{b:i32,a:i32}}; field o: the same components in another order:"
                + " (a, b) here, (b, a) there",
        "sealed(A:{}|B:{}); sealed(B:{}|A:{}); the same cases in another order: (A, B) here,"
                + " (B, A) there",
        "{a:list<{x:i32}>}; {a:list<{x:i64}>}; field a[].x: int here, long there",
        "{a:map<string,i32>}; {a:map<string,i64>}; field a[1]: Integer here, Long there",
        "{a:list<i32>}; {a:set<date>}; field a: List<Integer> here, Set<LocalDate> there",
        "{a:i32[]}; {a:i32}; field a: int[] here, int there",
        "{a:{bool:bool,list:char}}; {a:uuid}; field a: {bool:boolean,list:char} here, UUID there",
        "sealed(A:{x:i32}|B:{}); sealed(A:{x:i64}|C:{}); field A.x: int here, long there! "
                + "field B: only here! field C: only there",
        "enum(A|string); enum(A); enum(A|string) here, enum(A) there",
        "string; i32; String here, Integer there",
    })
    void differenceIsNamedByItsPathAndBothTypes(String mine, String theirs, String sentence) {
        assertThat(TypeDescription.difference("binary:" + mine, "binary:" + theirs))
                .isEqualTo(sentence.replace('!', ';'));
    }

    @Test
    void atMostFiveDifferencesAreNamed() {
        assertThat(TypeDescription.difference("binary:{}", "binary:{}[]"))
                .isEqualTo("{} here, {}[] there");
        assertThat(TypeDescription.difference("binary:{a:i8,b:i8,c:i8,d:i8,e:i8,f:i8}",
                "binary:{a:f32,b:f32,c:f32,d:f32,e:f32,f:f32}").split(";")).hasSize(5);
    }

    @Test
    void differentFormatsAreNamed() {
        assertThat(TypeDescription.difference("binary:string", "json:string"))
                .isEqualTo("its binary form here, JSON there");
        assertThat(TypeDescription.difference("json:i32", "string"))
                .isEqualTo("JSON of Integer here, String there");
        assertThat(TypeDescription.difference("bytes", "binary:i32[]"))
                .isEqualTo("byte[] here, int[] there");
    }

    @Test
    void ofManyComponentsInAnotherOrderThoseAreNamedThatDiffer() {
        String same = "aVeryLongComponent:i32,anotherVeryLongComponent:i32,aThirdOfThem:i32,";

        assertThat(TypeDescription.difference("binary:{" + same + "item:string,count:i32}",
                "binary:{" + same + "count:i32,item:string}", "Order", "there"))
                .matches("Order: the same components in another order: [(](…|[.]{3}) item, count[)]"
                        + " here, [(](…|[.]{3}) count, item[)] there");
    }

    @Test
    void differenceIsInTheWordsOfAUser() {
        assertThat(TypeDescription.difference("binary:{a:i32}", "binary:string", "Order",
                "in the child")).isEqualTo("Order here, String in the child");
        assertThat(TypeDescription.difference("binary:{a:list<{b:i32}>}",
                "binary:{a:list<{b:string,c:i8}>}", "Order", "in the child"))
                .isEqualTo("Order.a[].b: int here, String in the child; "
                        + "Order.a[].c: only in the child");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "{a:i64,b:str; field a: int here, long there",
        "{a:i32,b:{c:i8,n; field b: String here, {c:byte,…} there",
        "{a:i32; they differ after what an end of a channel carries of a long type",
        "{a:i32,b:; they differ after what an end of a channel carries of a long type",
        "{z:i32,a:i32,b; field z: only there",
        "{a:{x:i8}; field a: int here, {x:byte}… there",
        "{a:i32,b:string[; they differ after what an end of a channel carries of a long type",
    })
    void differenceIsNamedInADescriptionThatWasCut(String theirs, String sentence) {
        assertThat(TypeDescription.difference("binary:{a:i32,b:string,d:map<string,{e:i8}>}",
                "binary:" + theirs + "...#0123456789abcdef")).isEqualTo(sentence);
    }

    /// Wherever the description was cut: nothing that is only missing there counts as a difference.
    @Test
    void descriptionThatWasCutDoesNotDifferInWhatWasCutOff() {
        String whole = "binary:{a:i32,b:map<string,list<{c:i8}>>,d:sealed(E:{f:i16[][]}|G:{}),"
                + "h:enum(I|J),k:optional<{l:date}>,m:{n:{},o:string}}";
        for (int length = "binary:".length(); length < whole.length(); length++) {
            assertThat(TypeDescription.difference(whole,
                    whole.substring(0, length) + "...#0123456789abcdef"))
                    .as(whole.substring(0, length)).startsWith("they differ after");
        }
    }

    @Test
    void equalDescriptionsDoNotDiffer() {
        assertThat(TypeDescription.difference("binary:string", "binary:string"))
                .isEqualTo("no difference");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "binary:", "binary:{", "binary:{a:i32", "binary:}}}", "binary:a<",
        "binary:enum(", "binary:sealed(", "binary:[][]", "binary:{a:i32}{", "binary:\n\u0007"})
    void whateverTheOtherSideSaysThereIsASentence(String theirs) {
        assertThat(TypeDescription.difference("binary:{a:i32}", theirs)).endsWith("there")
                .doesNotContain("\n");
    }

    @Test
    void deepAndLongTextsOfTheOtherSideAreCutShort() {
        for (String theirs : new String[]{"list<".repeat(1_000_000), "{a:".repeat(1_000_000),
            "i32" + "[]".repeat(1_000_000)}) {
            assertThat(TypeDescription.difference("binary:{a:i32}", "binary:" + theirs))
                    .endsWith("… there").hasSizeLessThan(200);
        }
    }

    /// The bytes that are allocated, as a measure of what is copied.
    @Test
    void descriptionIsTakenApartInTimeLinearInItsLengthHoweverDeepItIs() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        int depth = 190;
        String deep = "list<".repeat(depth) + "x".repeat(95_000) + ">".repeat(depth);
        String mine = binary(Tree.class);
        String warm = TypeDescription.difference(mine, "binary:" + deep);

        long before = threads.getCurrentThreadAllocatedBytes();
        String cold = TypeDescription.difference(mine, "binary:" + deep);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        assertThat(cold).isEqualTo(warm).contains("List<");
        assertThat(allocated).isLessThan(20L * deep.length());
    }
}
