package dev.fuelbox;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Guest code that passed every check; for any number of threads at the same time. Not called {@code Module}, which in
 * Java is another thing.
 */
public final class WasmModule extends Handle {
    WasmModule(long number) {
        super(number, WasmModule::free);
    }

    /**
     * Checks and compiles a binary module, with the default limits of modules. {@link #builder} has others.
     *
     * @throws FuelboxException {@code invalid-module}, and what else is refused before guest code runs
     */
    public static WasmModule of(byte[] wasm) {
        return builder().build(wasm);
    }

    /** As {@link #of(byte[])}; a direct buffer is read where it is, between position and limit. */
    public static WasmModule of(ByteBuffer wasm) {
        return builder().build(wasm);
    }

    /** How a module is made. */
    public static ModuleBuilder builder() {
        return new ModuleBuilder();
    }

    /** What the host calls it. */
    public Optional<String> name() {
        try (Resource.Use self = hold()) {
            return Optional.ofNullable(Text.decode(name(self.number())));
        }
    }

    /** A hash of the bytes to tell modules apart in logs; no protection against forgery. */
    public long fingerprint() {
        try (Resource.Use self = hold()) {
            return fingerprint(self.number());
        }
    }

    /** What it wants of its host. */
    public List<Extern> imports() {
        try (Resource.Use self = hold()) {
            List<Extern> imports = new ArrayList<>();
            for (long i = 0; i < importCount(self.number()); i++) {
                String module = Text.decode(importModule(self.number(), i));
                String name = Text.decode(importName(self.number(), i));
                imports.add(new Extern(module, name, Text.decode(importType(self.number(), i))));
            }
            return Collections.unmodifiableList(imports);
        }
    }

    /** What it offers, sorted by name. */
    public List<Extern> exports() {
        try (Resource.Use self = hold()) {
            List<Extern> exports = new ArrayList<>();
            for (long i = 0; i < exportCount(self.number()); i++) {
                String name = Text.decode(exportName(self.number(), i));
                exports.add(new Extern(null, name, Text.decode(exportType(self.number(), i))));
            }
            return Collections.unmodifiableList(exports);
        }
    }

    /**
     * The type of the function that is exported by this name.
     *
     * @throws FuelboxException {@code export-missing}, or {@code export-type} where it is no function
     */
    public Signature function(String export) {
        byte[] name = Text.encode(export);
        try (Resource.Use self = hold()) {
            ValueType[] params = ValueType.of(functionParams(self.number(), name));
            return Signature.takes(params).returns(ValueType.of(functionResults(self.number(), name)));
        }
    }

    /**
     * The bytes of a module that was built for snapshots: store those of a snapshot and give them to {@link #of}
     * anywhere. Empty for another.
     */
    public Optional<byte[]> wasm() {
        try (Resource.Use self = hold()) {
            return Optional.ofNullable(wasm(self.number()));
        }
    }

    /** Makes copies of the code ahead, so that so many threads can start guests at once. */
    public void makeLanes(int lanes) {
        try (Resource.Use self = hold()) {
            makeLanes(self.number(), ModuleBuilder.lanes(lanes));
        }
    }

    /** All that can be said of it, as one JSON object. */
    public String json() {
        try (Resource.Use self = hold()) {
            return Text.decode(json(self.number()));
        }
    }

    private static native byte[] name(long module);

    private static native long fingerprint(long module);

    private static native long importCount(long module);

    private static native byte[] importModule(long module, long index);

    private static native byte[] importName(long module, long index);

    private static native byte[] importType(long module, long index);

    private static native long exportCount(long module);

    private static native byte[] exportName(long module, long index);

    private static native byte[] exportType(long module, long index);

    private static native int[] functionParams(long module, byte[] name);

    private static native int[] functionResults(long module, byte[] name);

    private static native byte[] wasm(long module);

    private static native void makeLanes(long module, long lanes);

    private static native byte[] json(long module);

    private static native void free(long module);
}
