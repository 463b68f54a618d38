package dev.fuelbox;

/** The type of a WebAssembly value. */
public enum ValueType {
    /** An integer of 32 bits. */
    I32,
    /** An integer of 64 bits. */
    I64,
    /** A float of 32 bits. */
    F32,
    /** A float of 64 bits. */
    F64,
    /** A vector of 128 bits. */
    V128,
    /** A reference to a function. */
    FUNCREF,
    /** A reference to something of the host. */
    EXTERNREF;

    private static final ValueType[] ALL = values();

    static ValueType of(long number) {
        return ALL[(int) number];
    }

    static int[] numbers(ValueType... types) {
        int[] numbers = new int[types.length];
        for (int i = 0; i < types.length; i++) {
            numbers[i] = types[i].ordinal();
        }
        return numbers;
    }

    static ValueType[] of(int[] numbers) {
        ValueType[] types = new ValueType[numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            types[i] = of(numbers[i]);
        }
        return types;
    }
}
