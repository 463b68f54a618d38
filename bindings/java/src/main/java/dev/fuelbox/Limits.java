package dev.fuelbox;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongFunction;

/**
 * What a guest may use. Names, units and defaults are those of docs/limits.md; what is not set has its default, which
 * is never unlimited. They do not change: each method gives other limits.
 */
public final class Limits {
    static {
        Library.ensure();
    }

    /** The only way to say that a limit shall not hold. */
    public static final long UNLIMITED = -1;

    private static final Limits DEFAULTS = new Limits(new LinkedHashMap<>());

    /** What was set, by name. */
    private final Map<String, Long> set;

    private Limits(Map<String, Long> set) {
        this.set = set;
    }

    /** All limits with their defaults. */
    public static Limits defaults() {
        return DEFAULTS;
    }

    /**
     * Reads limits as {@link #json} and the program write them: {@code {"call": {..}, "instance": {..}}}. What is left
     * out has its default.
     *
     * @throws IllegalArgumentException for a text of another form, or a name that is no limit
     */
    public static Limits fromJson(String json) {
        long limits = parse(Text.encode(json));
        try {
            Map<String, Long> all = new LinkedHashMap<>();
            for (String name : NAMES) {
                all.put(name, get(limits, Text.encode(name)));
            }
            return new Limits(all);
        } finally {
            free(limits);
        }
    }

    /**
     * Sets the limit with this name, in its unit; times in nanoseconds.
     *
     * @throws IllegalArgumentException where there is none, or none such: negative but not {@link #UNLIMITED}
     */
    public Limits with(String name, long value) {
        if (value < 0 && value != UNLIMITED) {
            throw new IllegalArgumentException(name + " cannot be " + value);
        }
        Map<String, Long> more = new LinkedHashMap<>(set);
        more.put(Objects.requireNonNull(name, "name"), value);
        Limits limits = new Limits(more);
        // The library knows its limits: it refuses the name or the number here, not when it is used.
        Failure.naming(name, () -> limits.lend(number -> null));
        return limits;
    }

    /** What the limit with this name is, in its unit; {@link #UNLIMITED} where it does not hold. */
    public long get(String name) {
        byte[] encoded = Text.encode(name);
        return Failure.naming(name, () -> lend(limits -> get(limits, encoded)));
    }

    /** Work of one call, in fuel. */
    public Limits fuel(long fuel) {
        return with("fuel", fuel);
    }

    /** Running time of one call. */
    public Limits deadline(Duration time) {
        return with("deadline", nanos(time));
    }

    /** Time that one call waits for answers of the host, all together. */
    public Limits waiting(Duration time) {
        return with("wait", nanos(time));
    }

    /** Whether that time counts towards the deadline too. */
    public Limits waitingCounts(boolean counts) {
        return with("wait_counts", counts ? 1 : 0);
    }

    /** All memories of an instance together, in bytes. */
    public Limits memoryBytes(long bytes) {
        return with("memory_bytes", bytes);
    }

    /** All tables of an instance together, in elements. */
    public Limits tableElements(long elements) {
        return with("table_elements", elements);
    }

    /** What happens at these two. */
    public Limits growthDenial(GrowthDenial denial) {
        return with("growth_denial", denial == GrowthDenial.REFUSE ? 1 : 0);
    }

    /** Input of one call, in bytes. */
    public Limits inputBytes(long bytes) {
        return with("input_bytes", bytes);
    }

    /** Output of one call, in bytes. */
    public Limits outputBytes(long bytes) {
        return with("output_bytes", bytes);
    }

    /** What is kept of the error stream of a program of WASI in one call, in bytes. */
    public Limits stderrBytes(long bytes) {
        return with("stderr_bytes", bytes);
    }

    /** What is kept of the log of one call, in bytes. */
    public Limits logBytes(long bytes) {
        return with("log_bytes", bytes);
    }

    /** How many lines are kept of the log of one call. */
    public Limits logLines(long lines) {
        return with("log_lines", lines);
    }

    /** What is kept of each line, in bytes. */
    public Limits logLineBytes(long bytes) {
        return with("log_line_bytes", bytes);
    }

    /** The limits as JSON, for a file. */
    public String json() {
        return lend(limits -> Text.decode(json(limits)));
    }

    /** The limits as JSON. */
    @Override
    public String toString() {
        return json();
    }

    /** Whether both say the same of every limit. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Limits && json().equals(((Limits) other).json());
    }

    @Override
    public int hashCode() {
        return json().hashCode();
    }

    /** Hands these limits to the library for the time that {@code using} takes. */
    <T> T lend(LongFunction<T> using) {
        long limits = make();
        try {
            set.forEach((name, value) -> set(limits, Text.encode(name), value));
            return using.apply(limits);
        } finally {
            free(limits);
        }
    }

    /** A time for the library, which is at most 292 years. */
    static long nanos(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("a time cannot be " + time);
        }
        try {
            return time.toNanos();
        } catch (ArithmeticException longer) {
            return Long.MAX_VALUE;
        }
    }

    /** Every limit. A test compares them with the JSON. */
    private static final String[] NAMES = {
        "fuel", "deadline", "wait", "wait_counts", "memory_bytes", "table_elements", "growth_denial", "input_bytes",
        "output_bytes", "stderr_bytes", "log_bytes", "log_lines", "log_line_bytes",
    };

    private static native long make();

    private static native void set(long limits, byte[] name, long value);

    private static native long get(long limits, byte[] name);

    private static native long parse(byte[] json);

    private static native byte[] json(long limits);

    private static native void free(long limits);
}
