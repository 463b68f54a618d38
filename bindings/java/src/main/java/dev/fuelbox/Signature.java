package dev.fuelbox;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** What a function takes and returns: {@code Signature.takes(I32, I32).returns(I64)}. */
public final class Signature {
    private final ValueType[] params;
    private final ValueType[] results;

    private Signature(ValueType[] params, ValueType[] results) {
        this.params = params;
        this.results = results;
    }

    /** One with these parameters and no results yet. */
    public static Signature takes(ValueType... params) {
        return new Signature(checked(params), new ValueType[0]);
    }

    /** The same with these results. */
    public Signature returns(ValueType... types) {
        return new Signature(params, checked(types));
    }

    /** What it takes. */
    public List<ValueType> params() {
        return Collections.unmodifiableList(Arrays.asList(params));
    }

    /** What it returns. */
    public List<ValueType> results() {
        return Collections.unmodifiableList(Arrays.asList(results));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Signature
                && Arrays.equals(params, ((Signature) other).params)
                && Arrays.equals(results, ((Signature) other).results);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(params) + Arrays.hashCode(results);
    }

    /** Such as {@code (I32, I32) -> (I64)}. */
    @Override
    public String toString() {
        return words(params) + " -> " + words(results);
    }

    /** Whether these are values of the results' types. */
    boolean isReturned(Value[] values) {
        boolean fits = values.length == results.length;
        for (int i = 0; fits && i < values.length; i++) {
            fits = values[i] != null && values[i].type() == results[i];
        }
        return fits;
    }

    int[] paramNumbers() {
        return ValueType.numbers(params);
    }

    int[] resultNumbers() {
        return ValueType.numbers(results);
    }

    private static ValueType[] checked(ValueType[] types) {
        ValueType[] own = types.clone();
        for (ValueType type : own) {
            if (type == null) {
                throw new NullPointerException("a type");
            }
        }
        return own;
    }

    private static String words(ValueType[] types) {
        List<String> names = new ArrayList<>();
        for (ValueType type : types) {
            names.add(type.name());
        }
        return "(" + String.join(", ", names) + ")";
    }
}
