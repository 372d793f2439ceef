package dev.ipcchannel.torture.heap;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.NewMultiArrayInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.classfile.instruction.NewPrimitiveArrayInstruction;
import java.lang.classfile.instruction.NewReferenceArrayInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.util.Set;

/// A class loader that loads the library once more, with a [FaultPoint] before each of its
/// allocations and before each call of a JDK method that is known to allocate. It also loads this
/// module's classes, which use the library.
final class FailingHeap extends ClassLoader {

    private static final String OURS = "dev.ipcchannel.";
    private static final String STORMS = OURS + "torture.";
    private static final ClassDesc POINT = ClassDesc.of(FaultPoint.class.getName());

    /// Methods of the JDK that allocate, or may allocate.
    private static final Set<String> ALLOCATING = Set.of("add", "addLast", "addFirst", "put",
            "offer", "putIfAbsent", "computeIfAbsent", "formatted", "valueOf", "copyOf",
            "copyOfRange", "start", "startVirtualThread", "newCondition", "execute", "toList",
            "asSlice", "allocate", "getBytes", "concat", "toString", "stream", "await",
            "awaitNanos", "iterator", "toArray", "push");

    /// Classes whose collections have reserved room before a message is sent or a file arrives:
    /// there such a call allocates nothing.
    private static final Set<String> RESERVING = Set.of("dev.ipcchannel.internal.send.SpillPool",
            "dev.ipcchannel.internal.send.SpillUses", "dev.ipcchannel.internal.receive.SpillTable");

    FailingHeap(ClassLoader parent) {
        super(parent);
    }

    @Override
    protected Class<?> loadClass(String name, boolean isResolved) throws ClassNotFoundException {
        if (!name.startsWith(OURS) || name.equals(FaultPoint.class.getName())) {
            return super.loadClass(name, isResolved);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded == null ? define(name) : loaded;
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        String path = name.replace('.', '/') + ".class";
        try (InputStream stream = getParent().getResourceAsStream(path)) {
            if (stream == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] bytes = stream.readAllBytes();
            boolean isLeftAlone = name.startsWith(STORMS) || RESERVING.contains(name);
            byte[] code = isLeftAlone ? bytes : withPoints(bytes);
            return defineClass(name, code, 0, code.length);
        } catch (IOException failure) {
            throw new ClassNotFoundException(name, failure);
        }
    }

    /// A call without arguments and result leaves the stack unchanged, so the frames remain
    /// correct.
    private static byte[] withPoints(byte[] bytes) {
        ClassFile file = ClassFile.of(ClassFile.StackMapsOption.STACK_MAPS_WHEN_REQUIRED);
        return file.transformClass(file.parse(bytes),
                ClassTransform.transformingMethodBodies(FailingHeap::addPoint));
    }

    private static void addPoint(CodeBuilder builder, CodeElement element) {
        if (isAllocating(element)) {
            builder.invokestatic(POINT, "pass", ConstantDescs.MTD_void);
        }
        builder.with(element);
    }

    private static boolean isAllocating(CodeElement element) {
        return switch (element) {
            case NewObjectInstruction _,NewPrimitiveArrayInstruction _ -> true;
            case NewReferenceArrayInstruction _,NewMultiArrayInstruction _ -> true;
            // A lambda that captures nothing is allocated once.
            case InvokeDynamicInstruction made -> made.typeSymbol().parameterCount() > 0;
            case InvokeInstruction call -> call.owner().asInternalName().startsWith("java/")
                    && ALLOCATING.contains(call.name().stringValue());
            default -> false;
        };
    }
}
