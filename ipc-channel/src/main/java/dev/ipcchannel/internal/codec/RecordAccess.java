package dev.ipcchannel.internal.codec;

import dev.ipcchannel.internal.base.Printable;
import dev.ipcchannel.internal.value.CodecException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import org.jspecify.annotations.Nullable;

/// The access to a record class: it reads components and makes records.
///
/// By default it uses reflection, which starts twice as fast as method handles; handles are several
/// times as fast once they run hot.
///
/// @implNote If reflection has no access, handles made by the caller's lookup are used from the
/// start.
abstract sealed class RecordAccess {

    final Class<?> type;
    final MethodHandles.Lookup lookup;
    final Method[] accessors;
    final Constructor<?> constructor;

    private RecordAccess(Class<?> type, MethodHandles.Lookup lookup, Method[] accessors,
            Constructor<?> constructor) {
        this.type = type;
        this.lookup = lookup;
        this.accessors = accessors;
        this.constructor = constructor;
    }

    /// @param path to the record, for messages
    /// @throws IllegalArgumentException if neither reflection nor `lookup` may enter the record
    static RecordAccess of(Class<?> type, MethodHandles.@Nullable Lookup lookup,
            String path) {
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] parameters = new Class<?>[components.length];
        Method[] accessors = new Method[components.length];
        for (int i = 0; i < components.length; i++) {
            parameters[i] = components[i].getType();
            accessors[i] = components[i].getAccessor();
        }
        Constructor<?> constructor = constructor(type, parameters);
        boolean isOpen = constructor.trySetAccessible();
        for (Method accessor : accessors) {
            isOpen &= accessor.trySetAccessible();
        }
        if (isOpen) {
            return new ByReflection(type, MethodHandles.lookup(), accessors, constructor);
        }
        if (lookup != null) {
            try {
                return new ByHandles(type, MethodHandles.privateLookupIn(type, lookup), accessors,
                        constructor);
            } catch (IllegalAccessException notThatModules) {
                throw closed(type, path, notThatModules);
            }
        }
        throw closed(type, path, null);
    }

    private static IllegalArgumentException closed(Class<?> type, String path,
            @Nullable Exception cause) {
        return new IllegalArgumentException("a record may not be read: record=%s, in=%s: "
                .formatted(type.getName(), path)
                + "add to its module-info: opens %s to dev.ipcchannel; "
                        .formatted(type.getPackageName())
                + "or pass a MethodHandles.lookup() of its module", cause);
    }

    private static Constructor<?> constructor(Class<?> type, Class<?>[] parameters) {
        try {
            return type.getDeclaredConstructor(parameters);
        } catch (NoSuchMethodException impossible) {
            throw new LinkageError("a record has its canonical constructor", impossible);
        }
    }

    abstract @Nullable Object read(int index, Object value) throws Throwable;

    abstract Object make(Object[] components) throws Throwable;

    /// Reads component number `index` of `value`.
    final Object component(int index, Object value) {
        @Nullable
        Object component;
        try {
            component = read(index, value);
        } catch (Throwable failure) {
            throw unreadable(failure, type, value);
        }
        return BinaryForm.required(component);
    }

    /// The exception for an accessor that threw.
    ///
    /// @param type the record's class
    /// @throws ClassCastException if `owner` is not such a record: then no accessor was called
    static CodecException unreadable(Throwable failure, Class<?> type, Object owner) {
        if (failure instanceof VirtualMachineError fatal) {
            throw fatal;
        }
        Object _ = type.cast(owner);
        return new CodecException("could not be read: reason=" + Printable.of(failure), failure);
    }

    /// Makes a record from its components.
    final Object record(Object[] components) {
        try {
            return make(components);
        } catch (Throwable failure) {
            throw refused(failure);
        }
    }

    /// The exception for a record's constructor that threw.
    static CodecException refused(Throwable failure) {
        if (failure instanceof VirtualMachineError fatal) {
            throw fatal;
        }
        return new CodecException("refused its components: reason=" + Printable.of(failure),
                failure);
    }

    /// A handle that takes a record, as an object, and returns component number `index`: an object
    /// as `Object`, a primitive as it is.
    final MethodHandle getter(int index) {
        try {
            MethodHandle getter = lookup.unreflect(accessors[index]);
            Class<?> result = getter.type().returnType();
            return getter.asType(MethodType.methodType(result.isPrimitive() ? result : Object.class,
                    Object.class));
        } catch (IllegalAccessException impossible) { // access was granted before
            throw new LinkageError("a record could not be read: " + type.getName(), impossible);
        }
    }

    /// A handle that takes the components and returns a record, as an object.
    final MethodHandle maker() {
        try {
            MethodHandle maker = lookup.unreflectConstructor(constructor);
            return maker.asType(maker.type().changeReturnType(Object.class));
        } catch (IllegalAccessException impossible) { // access was granted before
            throw new LinkageError("a record could not be made: " + type.getName(), impossible);
        }
    }

    /// Access by reflection, if the package is open to this library.
    private static final class ByReflection extends RecordAccess {

        private ByReflection(Class<?> type, MethodHandles.Lookup lookup, Method[] accessors,
                Constructor<?> constructor) {
            super(type, lookup, accessors, constructor);
        }

        @Override
        @Nullable
        Object read(int index, Object value) throws Throwable {
            try {
                return accessors[index].invoke(value);
            } catch (InvocationTargetException failure) {
                throw failure.getTargetException();
            }
        }

        @Override
        Object make(Object[] components) throws Throwable {
            try {
                return constructor.newInstance(components);
            } catch (InvocationTargetException failure) {
                throw failure.getTargetException();
            }
        }
    }

    /// Access by handles, if only the caller may enter the record.
    private static final class ByHandles extends RecordAccess {

        private final MethodHandle[] getters;
        private final MethodHandle maker;

        private ByHandles(Class<?> type, MethodHandles.Lookup lookup, Method[] accessors,
                Constructor<?> constructor) {
            super(type, lookup, accessors, constructor);
            getters = new MethodHandle[accessors.length];
            for (int i = 0; i < getters.length; i++) {
                getters[i] = getter(i).asType(MethodType.genericMethodType(1));
            }
            maker = maker().asType(MethodType.genericMethodType(accessors.length))
                    .asSpreader(Object[].class, accessors.length);
        }

        @Override
        @Nullable
        Object read(int index, Object value) throws Throwable {
            return getters[index].invokeExact(value);
        }

        @Override
        Object make(Object[] components) throws Throwable {
            return maker.invokeExact(components);
        }
    }
}
