package dev.fuelbox;

import java.nio.ByteBuffer;
import java.util.List;

/** What a guest asks its host, until {@link Execution#answer}. As its execution, one thread at a time. */
public final class Request {
    private final Execution execution;
    private final String module;
    private final String name;
    private final List<Value> args;

    Request(Execution execution, long number) {
        this.execution = execution;
        module = Text.decode(module(number));
        name = Text.decode(name(number));
        args = Value.list(args(number));
    }

    /** The first part of the name of the function that the guest waits for. */
    public String module() {
        return module;
    }

    /** The second part of its name. */
    public String name() {
        return name;
    }

    /** What it was called with. */
    public List<Value> args() {
        return args;
    }

    /**
     * Copies guest memory, as {@link Caller#read(int, int)}.
     *
     * @throws FuelboxException {@code fault} or {@code out-of-fuel}: {@link #halt} then ends the call
     */
    public byte[] read(int address, int length) {
        try (Resource.Use of = execution.hold()) {
            return read(of.number(), address, length);
        }
    }

    /**
     * Copies bytes to guest memory.
     *
     * @throws FuelboxException as {@link #read}
     */
    public void write(int address, byte[] bytes) {
        write(address, Bytes.of(bytes));
    }

    /** As {@link #write(int, byte[])}, from position to limit. */
    public void write(int address, ByteBuffer bytes) {
        write(address, Bytes.of(bytes));
    }

    private void write(int address, Bytes bytes) {
        try (Resource.Use of = execution.hold()) {
            write(of.number(), address, bytes.array, bytes.direct, bytes.offset, bytes.length);
        }
    }

    /** The size of the guest's exported {@code memory} in bytes, 0 where there is none. */
    public long memorySize() {
        try (Resource.Use of = execution.hold()) {
            return memorySize(of.number());
        }
    }

    /**
     * Takes so much more fuel from the guest.
     *
     * @throws FuelboxException as {@link #read}
     */
    public void charge(long fuel) {
        if (fuel < 0) {
            throw new IllegalArgumentException("cannot charge " + fuel);
        }
        try (Resource.Use of = execution.hold()) {
            charge(of.number(), fuel);
        }
    }

    /**
     * Ends the call for the reason that the last method of this failed with.
     *
     * @throws IllegalArgumentException where none failed
     */
    public void halt() {
        try (Resource.Use of = execution.hold()) {
            halt(of.number());
        }
    }

    private static native byte[] module(long execution);

    private static native byte[] name(long execution);

    private static native long[] args(long execution);

    private static native byte[] read(long execution, int address, int length);

    private static native void write(
            long execution, int address, byte[] array, ByteBuffer direct, int offset, int length);

    private static native long memorySize(long execution);

    private static native void charge(long execution, long fuel);

    private static native void halt(long execution);
}
