package dev.fuelbox;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;

/** How a module is made: limits, proposals, name. It can make many; not for several threads at a time. */
public final class ModuleBuilder {
    static {
        Library.ensure();
    }

    private final List<LongConsumer> settings = new ArrayList<>();
    private byte[] sha256;

    ModuleBuilder() {}

    /**
     * Sets one limit of modules, by its name in docs/limits.md, such as {@code module_bytes} or {@code call_depth}.
     *
     * @throws IllegalArgumentException where there is none, or none such: negative but not {@link Limits#UNLIMITED}
     */
    public ModuleBuilder limit(String name, long value) {
        byte[] encoded = Text.encode(name);
        if (value < 0 && value != Limits.UNLIMITED) {
            throw new IllegalArgumentException(name + " cannot be " + value);
        }
        return with(name, builder -> set(builder, encoded, value));
    }

    /** Allows a proposal of WebAssembly by its name, such as {@code tail-call}. */
    public ModuleBuilder allow(String proposal) {
        byte[] encoded = Text.encode(proposal);
        return with(proposal, builder -> proposal(builder, encoded, true));
    }

    /** Denies a proposal that is on by default, such as {@code simd}. */
    public ModuleBuilder deny(String proposal) {
        byte[] encoded = Text.encode(proposal);
        return with(proposal, builder -> proposal(builder, encoded, false));
    }

    /** Sets what the host calls the module. */
    public ModuleBuilder name(String name) {
        byte[] encoded = Text.encode(name);
        return with(name, builder -> name(builder, encoded));
    }

    /** Lets snapshots be made of its instances; it then keeps its bytes. */
    public ModuleBuilder snapshots() {
        return with("snapshots", ModuleBuilder::snapshots);
    }

    /** Compiles each function at its first call, which nothing meters: for modules that are half trusted. */
    public ModuleBuilder lazy() {
        return with("lazy", ModuleBuilder::lazy);
    }

    /** Sets how many copies of the code there may be for threads that start guests at once. */
    public ModuleBuilder mostLanes(int lanes) {
        long most = lanes(lanes);
        return with("lanes", builder -> lanes(builder, most));
    }

    /** Takes only bytes with this SHA-256, which is computed before anything is parsed: {@code hash} for others. */
    public ModuleBuilder sha256(byte[] hash) {
        if (hash.length != 32) {
            throw new IllegalArgumentException("a SHA-256 has 32 bytes, not " + hash.length);
        }
        sha256 = hash.clone();
        return this;
    }

    /** Checks and compiles a binary module: see {@link WasmModule#of(byte[])}. */
    public WasmModule build(byte[] wasm) {
        return build(Bytes.of(wasm));
    }

    /** As {@link #build(byte[])}; a direct buffer is read where it is, between position and limit. */
    public WasmModule build(ByteBuffer wasm) {
        return build(Bytes.of(wasm));
    }

    /**
     * Checks and compiles a module in the text format.
     *
     * @throws FuelboxException {@code invalid-text} with the place where it is wrong; {@code not-built} where the
     *     library was built without the feature {@code wat}
     */
    public WasmModule buildText(String text) {
        byte[] encoded = Text.encode(text);
        return lend(builder -> new WasmModule(buildText(builder, encoded)));
    }

    /** The proposals that a module cannot do without, as a JSON list of their names. Nothing is compiled. */
    public String proposalsUsed(byte[] wasm) {
        Objects.requireNonNull(wasm, "wasm");
        return lend(builder -> Text.decode(proposalsUsed(builder, wasm)));
    }

    private WasmModule build(Bytes wasm) {
        return lend(builder -> new WasmModule(
                build(builder, wasm.array, wasm.direct, wasm.offset, wasm.length, sha256)));
    }

    private ModuleBuilder with(String name, LongConsumer setting) {
        settings.add(setting);
        try {
            // The library knows its limits and proposals: it refuses a name here, not when the module is made.
            return Failure.naming(name, () -> lend(builder -> this));
        } catch (IllegalArgumentException e) {
            settings.remove(setting);
            throw e;
        }
    }

    private <T> T lend(LongFunction<T> using) {
        long builder = make();
        try {
            settings.forEach(setting -> setting.accept(builder));
            return using.apply(builder);
        } finally {
            free(builder);
        }
    }

    static long lanes(int lanes) {
        if (lanes < 1) {
            throw new IllegalArgumentException("there cannot be " + lanes + " lanes");
        }
        return lanes;
    }

    private static native long make();

    private static native void set(long builder, byte[] name, long value);

    private static native void proposal(long builder, byte[] name, boolean allowed);

    private static native void name(long builder, byte[] name);

    private static native void snapshots(long builder);

    private static native void lazy(long builder);

    private static native void lanes(long builder, long lanes);

    private static native long build(
            long builder, byte[] array, ByteBuffer direct, int offset, int length, byte[] sha256);

    private static native long buildText(long builder, byte[] text);

    private static native byte[] proposalsUsed(long builder, byte[] wasm);

    private static native void free(long builder);
}
