package dev.fuelbox;

import java.time.Duration;
import java.util.Arrays;

/** What a run used. All but the times and the slices are the same on every machine. */
public final class Usage {
    /** In the order of native/values.c. */
    private final long[] numbers;

    Usage(long[] numbers) {
        this.numbers = numbers;
    }

    /** Work, in fuel. */
    public long fuel() {
        return numbers[0];
    }

    /** The version of the prices: fuel of two runs can be compared where it is the same. */
    public long fuelSchedule() {
        return numbers[1];
    }

    /** The most memory that it had at once, files included, in bytes. */
    public long peakMemoryBytes() {
        return numbers[2];
    }

    /** How many growths of memories its limits denied. */
    public long memoryGrowthsDenied() {
        return numbers[3];
    }

    /** The most table elements that it had at once. */
    public long peakTableElements() {
        return numbers[4];
    }

    /** How many growths of tables its limits denied. */
    public long tableGrowthsDenied() {
        return numbers[5];
    }

    /** How many functions of the host it called. */
    public long hostCalls() {
        return numbers[6];
    }

    /** How many log lines were cut or dropped. */
    public long logLinesLost() {
        return numbers[7];
    }

    /** How many bytes of its error stream were dropped. */
    public long stderrBytesLost() {
        return numbers[8];
    }

    /** How many names of files a program of WASI was not shown. */
    public long namesLeftOut() {
        return numbers[9];
    }

    /** How many slices it was run in. */
    public long slices() {
        return numbers[10];
    }

    /** Running time. */
    public Duration time() {
        return Duration.ofNanos(numbers[11]);
    }

    /** How much of it was after the deadline. */
    public Duration overrun() {
        return Duration.ofNanos(numbers[12]);
    }

    /** How long it waited for answers of the host. */
    public Duration waited() {
        return Duration.ofNanos(numbers[13]);
    }

    @Override
    public String toString() {
        return Arrays.toString(numbers);
    }
}
