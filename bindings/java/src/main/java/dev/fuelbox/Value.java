package dev.fuelbox;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** One WebAssembly value. Floats keep all their bits, those of a NaN too. */
public final class Value {
    /** How many numbers one value has on its way through native code: its type, and its bits. */
    private static final int WIDTH = 3;
    private static final Value[] NONE = {};

    private final ValueType type;
    private final long low;
    private final long high;

    private Value(ValueType type, long low, long high) {
        this.type = type;
        this.low = low;
        this.high = high;
    }

    /** An integer of 32 bits. */
    public static Value i32(int number) {
        return new Value(ValueType.I32, number, 0);
    }

    /** An integer of 64 bits. */
    public static Value i64(long number) {
        return new Value(ValueType.I64, number, 0);
    }

    /** A float of 32 bits. */
    public static Value f32(float number) {
        return f32Bits(Float.floatToRawIntBits(number));
    }

    /** The float that has these bits. */
    public static Value f32Bits(int bits) {
        return new Value(ValueType.F32, bits & 0xffff_ffffL, 0);
    }

    /** A float of 64 bits. */
    public static Value f64(double number) {
        return f64Bits(Double.doubleToRawLongBits(number));
    }

    /** The double that has these bits. */
    public static Value f64Bits(long bits) {
        return new Value(ValueType.F64, bits, 0);
    }

    /** A vector, by its lower and its upper half. */
    public static Value v128(long low, long high) {
        return new Value(ValueType.V128, low, high);
    }

    /** The null reference of a type of references: no other can be passed to a guest. */
    public static Value nullOf(ValueType type) {
        if (type != ValueType.FUNCREF && type != ValueType.EXTERNREF) {
            throw new IllegalArgumentException(type + " has no null");
        }
        return new Value(type, 1, 0);
    }

    /** Values as a host function returns them: {@code return Value.results(Value.i32(7));}. */
    public static Value[] results(Value... values) {
        return values;
    }

    /** Which type it is of. */
    public ValueType type() {
        return type;
    }

    /**
     * The number of an i32.
     *
     * @throws IllegalStateException for another type, as with all that follow
     */
    public int i32() {
        return (int) expect(ValueType.I32);
    }

    /** The number of an i64. */
    public long i64() {
        return expect(ValueType.I64);
    }

    /** The number of an f32. */
    public float f32() {
        return Float.intBitsToFloat(f32Bits());
    }

    /** The bits of an f32. */
    public int f32Bits() {
        return (int) expect(ValueType.F32);
    }

    /** The number of an f64. */
    public double f64() {
        return Double.longBitsToDouble(f64Bits());
    }

    /** The bits of an f64. */
    public long f64Bits() {
        return expect(ValueType.F64);
    }

    /** The lower half of a vector. */
    public long low() {
        return expect(ValueType.V128);
    }

    /** The upper half of a vector. */
    public long high() {
        expect(ValueType.V128);
        return high;
    }

    /** Whether a reference is null. */
    public boolean isNull() {
        return (type == ValueType.FUNCREF || type == ValueType.EXTERNREF) && low == 1;
    }

    /** Whether both are of one type and have the same bits. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Value
                && type == ((Value) other).type
                && low == ((Value) other).low
                && high == ((Value) other).high;
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(new long[] {type.ordinal(), low, high});
    }

    /** Type and number, such as {@code i32 7}. */
    @Override
    public String toString() {
        String name = type.name().toLowerCase(java.util.Locale.ROOT);
        switch (type) {
            case F32:
                return name + " " + f32();
            case F64:
                return name + " " + f64();
            case V128:
                return String.format("%s %016x%016x", name, high, low);
            case FUNCREF:
            case EXTERNREF:
                return name + (isNull() ? " null" : " opaque");
            default:
                return name + " " + low;
        }
    }

    private long expect(ValueType expected) {
        if (type != expected) {
            throw new IllegalStateException(this + " is no " + expected);
        }
        return low;
    }

    /** Values on their way to native code. */
    static long[] pack(Value... values) {
        long[] packed = new long[values.length * WIDTH];
        for (int i = 0; i < values.length; i++) {
            packed[i * WIDTH] = values[i].type.ordinal();
            packed[i * WIDTH + 1] = values[i].low;
            packed[i * WIDTH + 2] = values[i].high;
        }
        return packed;
    }

    /** Values that came from native code. */
    static Value[] unpack(long[] packed) {
        if (packed.length == 0) {
            return NONE;
        }
        Value[] values = new Value[packed.length / WIDTH];
        for (int i = 0; i < values.length; i++) {
            long low = packed[i * WIDTH + 1];
            values[i] = new Value(ValueType.of(packed[i * WIDTH]), low, packed[i * WIDTH + 2]);
        }
        return values;
    }

    static List<Value> list(long[] packed) {
        return Collections.unmodifiableList(new ArrayList<>(Arrays.asList(unpack(packed))));
    }
}
