package dev.ipcchannel;

import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ImportTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.Tree.Kind;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import javax.lang.model.element.Modifier;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/// Rules for the syntax of a source file that no compiler and no formatter checks. [LineRules] has
/// those for its lines.
///
/// Each answer is a list of sentences, one for each place that breaks the rule. The files are
/// parsed, and nothing more, so they need not compile.
final class SourceRules {

    private static final Pattern NO_NOUN =
            Pattern.compile("(What|How|Who|Whoever|That|Whether|Those|Which|When|Why)\\b.*",
                    Pattern.DOTALL);
    private static final Set<Kind> BITS = Set.of(Kind.AND, Kind.OR, Kind.XOR);
    private static final Set<Kind> ARITHMETIC =
            Set.of(Kind.PLUS, Kind.MINUS, Kind.MULTIPLY, Kind.DIVIDE, Kind.REMAINDER);

    private final JavacTask task;
    private final List<CompilationUnitTree> units = new ArrayList<>();

    /// A source file.
    ///
    /// @param name as it stands in the sentences
    record Source(String name, String text) {

        private JavaFileObject file() {
            return new SimpleJavaFileObject(URI.create("string:///" + name),
                    JavaFileObject.Kind.SOURCE) {
                @Override
                public CharSequence getCharContent(boolean ignoreErrors) {
                    return text;
                }
            };
        }
    }

    SourceRules(List<Source> sources) {
        task = (JavacTask) ToolProvider.getSystemJavaCompiler().getTask(null, null, _ -> {},
                List.of("-proc:none"), null, sources.stream().map(Source::file).toList());
        try {
            task.parse().forEach(units::add);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// Imports that are not sorted: static ones first, each half by its names.
    List<String> unsortedImports() {
        List<String> wrong = new ArrayList<>();
        for (CompilationUnitTree unit : units) {
            List<? extends ImportTree> imports = unit.getImports();
            List<String> keys = imports.stream().map(SourceRules::key).toList();
            List<String> sorted = keys.stream().sorted(Comparator.naturalOrder()).toList();
            for (int i = 0; i < keys.size(); i++) {
                if (!keys.get(i).equals(sorted.get(i))) {
                    wrong.add(place(unit, imports.get(i)) + ": here the import of "
                            + sorted.get(i).substring(1) + " is next");
                    break;
                }
            }
        }
        return wrong;
    }

    private static String key(ImportTree tree) {
        return (tree.isStatic() ? "0" : "1") + tree.getQualifiedIdentifier();
    }

    /// Operands of `&`, `|` and `^` that are sums or products without parentheses.
    List<String> bareOperands() {
        List<String> wrong = new ArrayList<>();
        scan(new TreePathScanner<@Nullable Void, CompilationUnitTree>() {
            @Override
            public @Nullable Void visitBinary(BinaryTree tree, CompilationUnitTree unit) {
                if (BITS.contains(tree.getKind())
                        && (ARITHMETIC.contains(tree.getLeftOperand().getKind())
                                || ARITHMETIC.contains(tree.getRightOperand().getKind()))) {
                    wrong.add(place(unit, tree) + ": parentheses are missing: " + tree);
                }
                return super.visitBinary(tree, unit);
            }
        });
        return wrong;
    }

    /// Comments of classes that begin with a word that is no noun.
    List<String> classCommentsWithoutANoun() {
        List<String> wrong = new ArrayList<>();
        scan(new TreePathScanner<@Nullable Void, CompilationUnitTree>() {
            @Override
            public @Nullable Void visitClass(ClassTree tree, CompilationUnitTree unit) {
                String comment = comment(getCurrentPath());
                if (comment != null && NO_NOUN.matcher(comment.strip()).matches()) {
                    wrong.add(place(unit, tree)
                            + ": begin with a noun that says what kind of thing "
                            + tree.getSimpleName() + " is: " + comment.strip().lines().findFirst()
                                    .orElseThrow());
                }
                return super.visitClass(tree, unit);
            }
        });
        return wrong;
    }

    /// Public and protected types, methods and constants without a comment.
    ///
    /// Not counted are methods that override another one, constructors without parameters, and what
    /// is inside of a type that is not exported itself.
    List<String> uncommented() {
        List<String> wrong = new ArrayList<>();
        scan(new Exported(wrong));
        return wrong;
    }

    /// Scanner of the members that a user sees.
    private final class Exported extends TreePathScanner<@Nullable Void, CompilationUnitTree> {

        private final List<String> wrong;

        private Exported(List<String> wrong) {
            this.wrong = wrong;
        }

        @Override
        public @Nullable Void visitClass(ClassTree tree, CompilationUnitTree unit) {
            if (!isSeen(tree.getModifiers())) {
                return null;
            }
            check(tree.getSimpleName().toString(), unit);
            return super.visitClass(tree, unit);
        }

        @Override
        public @Nullable Void visitMethod(MethodTree tree, CompilationUnitTree unit) {
            boolean overrides = tree.getModifiers().getAnnotations().stream()
                    .anyMatch(each -> each.getAnnotationType().toString().equals("Override"));
            boolean isPlain = tree.getReturnType() == null && tree.getParameters().isEmpty();
            if (isSeen(tree.getModifiers()) && !overrides && !isPlain) {
                check(tree.getName().toString(), unit);
            }
            return null;
        }

        @Override
        public @Nullable Void visitVariable(VariableTree tree, CompilationUnitTree unit) {
            if (isSeen(tree.getModifiers())) {
                check(tree.getName().toString(), unit);
            }
            return null;
        }

        /// Members of an interface are public without the word.
        private boolean isSeen(ModifiersTree modifiers) {
            TreePath parent = getCurrentPath().getParentPath();
            boolean isInInterface = parent.getLeaf().getKind() == Kind.INTERFACE
                    && !modifiers.getFlags().contains(Modifier.PRIVATE);
            return isInInterface || modifiers.getFlags().contains(Modifier.PUBLIC)
                    || modifiers.getFlags().contains(Modifier.PROTECTED);
        }

        private void check(String name, CompilationUnitTree unit) {
            String comment = comment(getCurrentPath());
            if (comment == null || comment.isBlank()) {
                wrong.add(place(unit, getCurrentPath().getLeaf()) + ": " + name
                        + " is exported and has no comment");
            }
        }
    }

    private void scan(TreePathScanner<@Nullable Void, CompilationUnitTree> scanner) {
        units.forEach(unit -> scanner.scan(unit, unit));
    }

    private @Nullable String comment(TreePath path) {
        return DocTrees.instance(task).getDocComment(path);
    }

    private String place(CompilationUnitTree unit, Tree tree) {
        long position = DocTrees.instance(task).getSourcePositions().getStartPosition(unit, tree);
        return unit.getSourceFile().getName().substring(1) + ":"
                + unit.getLineMap().getLineNumber(position);
    }
}
