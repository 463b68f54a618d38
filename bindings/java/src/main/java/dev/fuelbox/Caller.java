package dev.fuelbox;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;

/**
 * What a host function sees of the run that calls it: only until it returns, and only on its thread; else {@link
 * ClosedException}. Addresses and lengths are unsigned numbers of 32 bits, as guests hand them over.
 */
public final class Caller {
    private final Object context;
    private final Thread thread = Thread.currentThread();
    private long number;

    Caller(long number, Object context) {
        this.number = number;
        this.context = context;
    }

    /**
     * Copies {@code length} bytes of guest memory. Takes one fuel for each 64 bytes begun. No length makes it allocate
     * what the guest does not have.
     *
     * @throws HaltException {@code fault} where the range is not all in the memory, {@code out-of-fuel}
     */
    public byte[] read(int address, int length) {
        int[] status = new int[1];
        byte[] bytes = read(number(), address, length, status);
        check(status[0], "it handed over a range outside its memory");
        return bytes;
    }

    /** As {@link #read(int, int)}, as UTF-8, with U+FFFD for what is none. */
    public String readText(int address, int length) {
        return new String(read(address, length), StandardCharsets.UTF_8);
    }

    /** As {@link #read(int, int)}, into a direct buffer from its position to its limit, which both stay. */
    public void read(int address, ByteBuffer into) {
        requireDirect(into);
        if (into.isReadOnly()) {
            throw new IllegalArgumentException("the buffer is read-only");
        }
        int status = readInto(number(), address, into, into.position(), into.remaining());
        check(status, "it handed over a range outside its memory");
    }

    /**
     * Copies bytes to guest memory; nothing on failure.
     *
     * @throws HaltException as {@link #read(int, int)}
     */
    public void write(int address, byte[] bytes) {
        write(address, Bytes.of(bytes));
    }

    /** As {@link #write(int, byte[])}, from position to limit. */
    public void write(int address, ByteBuffer bytes) {
        write(address, Bytes.of(bytes));
    }

    private void write(int address, Bytes bytes) {
        int status = write(number(), address, bytes.array, bytes.direct, bytes.offset, bytes.length);
        check(status, "it handed over a range outside its memory");
    }

    /**
     * Takes so much more fuel from the guest, for work that the base price does not cover.
     *
     * @throws HaltException {@code out-of-fuel}
     */
    public void charge(long fuel) {
        if (fuel < 0) {
            throw new IllegalArgumentException("cannot charge " + fuel);
        }
        check(charge(number(), fuel), null);
    }

    /** The size of the guest's exported {@code memory} in bytes, 0 where there is none. */
    public long memorySize() {
        return memorySize(number());
    }

    /** Fuel that the run has used so far. */
    public long fuelUsed() {
        return fuelUsed(number());
    }

    /** Fuel that the run has left. */
    public long fuelLeft() {
        return fuelLeft(number());
    }

    /** Time until the deadline. */
    public Duration timeLeft() {
        long nanos = timeLeft(number());
        // More than a long holds is longer than anybody waits.
        return Duration.ofNanos(nanos < 0 ? Long.MAX_VALUE : nanos);
    }

    /** Whether the run has been cancelled: what the function goes on to do is for nobody. */
    public boolean isCancelled() {
        return isCancelled(number());
    }

    /** What {@link Call#context} was given, null where it was not. */
    public Object context() {
        number();
        return context;
    }

    /** Says why the function fails. */
    void fail(String message) {
        byte[] text = message.getBytes(StandardCharsets.UTF_8);
        fail(number, text);
    }

    void end() {
        number = 0;
    }

    private long number() {
        if (Thread.currentThread() != thread || number == 0) {
            throw new ClosedException("Caller");
        }
        return number;
    }

    /** Throws what stands for a status; the text is for a fault. */
    private void check(int status, String fault) {
        switch (status) {
            case Failure.OK:
                return;
            case Failure.FAULT:
                throw new HaltException(this, status, fault);
            case Failure.OUT_OF_FUEL:
                throw new HaltException(this, status, "the guest has not so much fuel left");
            default:
                Failure.raise(status, 0);
        }
    }

    private static void requireDirect(ByteBuffer buffer) {
        Objects.requireNonNull(buffer, "into");
        if (!buffer.isDirect()) {
            throw new IllegalArgumentException("the buffer is not direct");
        }
    }

    private static native byte[] read(long caller, int address, int length, int[] status);

    private static native int readInto(long caller, int address, ByteBuffer direct, int offset, int length);

    private static native int write(
            long caller, int address, byte[] array, ByteBuffer direct, int offset, int length);

    private static native long memorySize(long caller);

    private static native int charge(long caller, long fuel);

    private static native long fuelUsed(long caller);

    private static native long fuelLeft(long caller);

    private static native long timeLeft(long caller);

    private static native boolean isCancelled(long caller);

    private static native void fail(long caller, byte[] message);
}
