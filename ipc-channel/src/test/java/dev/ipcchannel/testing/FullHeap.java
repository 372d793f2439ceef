package dev.ipcchannel.testing;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;

/// A class loader that loads the library once more, with a heap that has no room for the objects of
/// one class while [#isFull].
public final class FullHeap extends ClassLoader {

    private static final String OURS = "dev.ipcchannel.";

    /// Whether the heap is full: for one test at a time.
    public static volatile boolean isFull;

    private final String lacking;

    /// @param lacking the name of the class without room
    public FullHeap(String lacking) {
        super(FullHeap.class.getClassLoader());
        this.lacking = lacking.replace('.', '/');
    }

    /// Called before each `new` of that class, in the classes loaded here.
    public static void pass() {
        if (isFull) {
            throw new OutOfMemoryError("made to fail");
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean isResolved) throws ClassNotFoundException {
        if (!name.startsWith(OURS) || name.equals(FullHeap.class.getName())) {
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
            byte[] code = withPoints(stream.readAllBytes());
            return defineClass(name, code, 0, code.length);
        } catch (IOException failure) {
            throw new ClassNotFoundException(name, failure);
        }
    }

    /// Adds the calls to a class. A call without arguments and result does not change the stack, so
    /// the stack map frames remain valid.
    private byte[] withPoints(byte[] bytes) {
        ClassFile file = ClassFile.of(ClassFile.StackMapsOption.STACK_MAPS_WHEN_REQUIRED);
        return file.transformClass(file.parse(bytes),
                ClassTransform.transformingMethodBodies((builder, element) -> {
                    if (element instanceof NewObjectInstruction made
                            && made.className().asInternalName().equals(lacking)) {
                        builder.invokestatic(ClassDesc.of(FullHeap.class.getName()), "pass",
                                ConstantDescs.MTD_void);
                    }
                    builder.with(element);
                }));
    }
}
