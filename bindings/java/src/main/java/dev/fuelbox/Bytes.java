package dev.fuelbox;

import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * A range of bytes as native code takes it: in an array, which is copied, or in a direct buffer, which is read or
 * written where it is.
 */
final class Bytes {
    final byte[] array;
    final ByteBuffer direct;
    final int offset;
    final int length;

    private Bytes(byte[] array, ByteBuffer direct, int offset, int length) {
        this.array = array;
        this.direct = direct;
        this.offset = offset;
        this.length = length;
    }

    static Bytes of(byte[] array) {
        Objects.requireNonNull(array, "bytes");
        return new Bytes(array, null, 0, array.length);
    }

    /** What is between position and limit, which both stay as they are. */
    static Bytes of(ByteBuffer buffer) {
        Objects.requireNonNull(buffer, "bytes");
        if (buffer.isDirect()) {
            return new Bytes(null, buffer, buffer.position(), buffer.remaining());
        }
        if (buffer.hasArray()) {
            return new Bytes(buffer.array(), null, buffer.arrayOffset() + buffer.position(), buffer.remaining());
        }
        byte[] copy = new byte[buffer.remaining()];
        buffer.duplicate().get(copy);
        return of(copy);
    }

    /** As {@link #of(ByteBuffer)}, for a buffer that is to be written to. */
    static Bytes into(ByteBuffer buffer) {
        if (buffer.isReadOnly()) {
            throw new IllegalArgumentException("the buffer is read-only");
        }
        return of(buffer);
    }
}
