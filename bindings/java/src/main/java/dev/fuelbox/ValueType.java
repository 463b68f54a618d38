package dev.fuelbox;

/** The type of a WebAssembly value. */
public enum ValueType {
    I32,
    I64,
    F32,
    F64,
    V128,
    FUNCREF,
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
