package dev.fuelbox;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * A guest that lives: its memory, globals and tables last from call to call. One thread at a time, else {@link
 * BusyException}.
 */
public final class Instance extends Handle {
    Instance(long number) {
        super(number, Instance::free);
    }

    /**
     * Calls it and runs it to its end. A call that is stopped ends the instance: later ones are refused as {@code
     * instance-stopped}. The report says whether it was.
     */
    public Report run(Call call) {
        Run run = call.begin();
        try (Resource.Use self = hold()) {
            return call.lend(0, lent -> run.during(() -> new Report(run(self.number(), lent), run)));
        }
    }

    /** Calls its entry with this input: see {@link #run(Call)}. */
    public Report run(byte[] input) {
        return run(Call.entry().input(input));
    }

    /**
     * Calls an export, and gives what it returns.
     *
     * @throws StoppedException where the guest is stopped
     * @throws FuelboxException {@code exited} where it exits instead of returning; {@code export-missing} and {@code
     *     export-type} before anything runs
     */
    public List<Value> call(String export, Value... args) {
        try (Report report = run(Call.export(export).args(args))) {
            report.orThrow();
            if (!isAlive()) {
                throw new FuelboxException(new Reason(Failure.EXITED, "it exited, so the export returned nothing"));
            }
            return report.values();
        }
    }

    /**
     * Begins a call that is stepped, and takes the instance away: this is closed from then on, and {@link
     * Execution#finish} gives another. Where the call is refused the instance is as it was.
     */
    public Execution start(Call call) {
        Run run = call.begin();
        try (Resource.Use self = hold()) {
            Execution execution = Execution.begin(run, call, lent -> start(self.number(), lent));
            self.take();
            return execution;
        }
    }

    /** Whether it can be called. */
    public boolean isAlive() {
        try (Resource.Use self = hold()) {
            return isAlive(self.number());
        }
    }

    /** Its module. */
    public WasmModule module() {
        try (Resource.Use self = hold()) {
            return new WasmModule(module(self.number()));
        }
    }

    /** What happened in start function and {@code _initialize}; empty where they run with the first call. */
    public Optional<Report> initialization() {
        try (Resource.Use self = hold()) {
            long report = initialization(self.number());
            return report == 0 ? Optional.empty() : Optional.of(new Report(report));
        }
    }

    /** The size of the guest's exported {@code memory} in bytes, 0 where there is none. */
    public long memorySize() {
        try (Resource.Use self = hold()) {
            return memorySize(self.number());
        }
    }

    /**
     * Copies guest memory.
     *
     * @throws IndexOutOfBoundsException where the range is not all in it
     */
    public byte[] readMemory(long address, int length) {
        try (Resource.Use self = hold()) {
            // Looked at first, so that nothing large is allocated for a range that is not there.
            long size = memorySize(self.number());
            if (address < 0 || length < 0 || length > size || address > size - length) {
                throw new IndexOutOfBoundsException(length + " bytes at " + address + " of " + size);
            }
            byte[] bytes = new byte[length];
            read(self.number(), address, bytes, null, 0, length);
            return bytes;
        }
    }

    /** As {@link #readMemory(long, int)}, into a buffer from its position to its limit, which both stay. */
    public void readMemory(long address, ByteBuffer into) {
        Bytes range = Bytes.into(into);
        try (Resource.Use self = hold()) {
            read(self.number(), checked(address), range.array, range.direct, range.offset, range.length);
        }
    }

    /**
     * Copies bytes to guest memory.
     *
     * @throws IndexOutOfBoundsException where they do not fit; it is as it was then
     */
    public void writeMemory(long address, byte[] bytes) {
        writeMemory(address, Bytes.of(bytes));
    }

    /** As {@link #writeMemory(long, byte[])}, from position to limit. */
    public void writeMemory(long address, ByteBuffer bytes) {
        writeMemory(address, Bytes.of(bytes));
    }

    private void writeMemory(long address, Bytes bytes) {
        try (Resource.Use self = hold()) {
            write(self.number(), checked(address), bytes.array, bytes.direct, bytes.offset, bytes.length);
        }
    }

    /** The value of an exported global; empty where none has this name. */
    public Optional<Value> global(String name) {
        byte[] encoded = Text.encode(name);
        try (Resource.Use self = hold()) {
            long[] value = global(self.number(), encoded);
            return value == null ? Optional.empty() : Optional.of(Value.unpack(value)[0]);
        }
    }

    /**
     * Writes it as a module that starts from where it is: initialise once, start many times. The instance stays.
     *
     * @throws FuelboxException {@code snapshot-not-built} where the module was not built with {@link
     *     ModuleBuilder#snapshots}; {@code snapshot-open-file}; {@code snapshot-reference}
     */
    public WasmModule snapshot() {
        try (Resource.Use self = hold()) {
            return new WasmModule(snapshot(self.number()));
        }
    }

    /** What was recorded of it up to here, as a file, {@code .fbrun}; empty where its sandbox does not record. */
    public Optional<byte[]> recording() {
        try (Resource.Use self = hold()) {
            return Optional.ofNullable(recording(self.number()));
        }
    }

    private static long checked(long address) {
        if (address < 0) {
            throw new IndexOutOfBoundsException("there is no address " + address);
        }
        return address;
    }

    private static native long run(long instance, long call);

    private static native long start(long instance, long call);

    private static native boolean isAlive(long instance);

    private static native long module(long instance);

    private static native long initialization(long instance);

    private static native long memorySize(long instance);

    private static native void read(
            long instance, long address, byte[] array, ByteBuffer direct, int offset, int length);

    private static native void write(
            long instance, long address, byte[] array, ByteBuffer direct, int offset, int length);

    private static native long[] global(long instance, byte[] name);

    private static native byte[] recording(long instance);

    private static native long snapshot(long instance);

    private static native void free(long instance);
}
