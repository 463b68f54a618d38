package dev.fuelbox;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What happened in a run, however it ended. For any number of threads at the same time. Its output is not on the Java
 * heap: close it, or let the garbage collector find it.
 */
public final class Report extends Handle {
    private static final String FINISHED = "finished";

    private Throwable thrown;

    /** The report of a run, with what its host functions threw. */
    Report(long number, Run run) {
        this(number);
        thrown = run.thrown();
    }

    Report(long number) {
        super(number, Report::free);
    }

    /** What another report holds, which is kept for as long as this one. */
    private Report(Resource.Use kept, Throwable thrown) {
        super(kept.number(), number -> kept.close());
        this.thrown = thrown;
    }

    /** How the run ended: {@code finished}, or the code of the stop. */
    public String outcome() {
        try (Resource.Use self = hold()) {
            int outcome = outcome(self.number());
            return outcome == Failure.OK ? FINISHED : Fuelbox.statusName(outcome);
        }
    }

    /** Whether the guest came to its end. */
    public boolean isFinished() {
        try (Resource.Use self = hold()) {
            return outcome(self.number()) == Failure.OK;
        }
    }

    /** What {@code execute} returned or a program exited with, 0 for success; empty where it was stopped. */
    public OptionalInt exitStatus() {
        int[] status = new int[1];
        try (Resource.Use self = hold()) {
            return exitStatus(self.number(), status) ? OptionalInt.of(status[0]) : OptionalInt.empty();
        }
    }

    /** Why the guest was stopped; empty where it finished. */
    public Optional<Reason> stop() {
        try (Resource.Use self = hold()) {
            long error = stop(self.number());
            return error == 0 ? Optional.empty() : Optional.of(Reason.take(error));
        }
    }

    /** In which part of the run the guest was stopped; empty where it finished. */
    public Optional<Phase> phase() {
        try (Resource.Use self = hold()) {
            int phase = phase(self.number());
            return phase < 0 ? Optional.empty() : Optional.of(Phase.of(phase));
        }
    }

    /** What the last host function threw that stopped the guest. */
    public Optional<Throwable> thrown() {
        return Optional.ofNullable(thrown);
    }

    void because(Throwable cause) {
        thrown = cause;
    }

    /**
     * This report, of a guest that finished.
     *
     * @throws StoppedException where it was stopped; with a report that says the same and stays open when this is closed
     */
    public Report orThrow() {
        Optional<Reason> stop = stop();
        if (stop.isPresent()) {
            throw new StoppedException(stop.get(), new Report(hold(), thrown));
        }
        return this;
    }

    /** What the guest wrote, also until a stop. */
    public byte[] output() {
        try (Resource.Use self = hold()) {
            return output(self.number());
        }
    }

    /** {@link #output} as UTF-8, with U+FFFD for what is none. */
    public String outputText() {
        return Text.decode(output());
    }

    /**
     * Writes the output into a direct buffer from its position on, which it moves behind it.
     *
     * @throws BufferOverflowException where it has not enough room, and is as it was
     */
    public void output(ByteBuffer into) {
        if (!into.isDirect() || into.isReadOnly()) {
            throw new IllegalArgumentException("the buffer is not direct, or read-only");
        }
        try (Resource.Use self = hold()) {
            long length = outputInto(self.number(), into, into.position(), into.remaining());
            if (length > into.remaining()) {
                throw new BufferOverflowException();
            }
            // By the supertype, which has the method in every version of Java.
            ((java.nio.Buffer) into).position(into.position() + (int) length);
        }
    }

    /** What a program of WASI wrote to its error stream, cut at its limit. */
    public byte[] stderr() {
        try (Resource.Use self = hold()) {
            return stderr(self.number());
        }
    }

    /** What the guest logged. */
    public List<LogLine> log() {
        boolean[] truncated = new boolean[1];
        try (Resource.Use self = hold()) {
            List<LogLine> lines = new ArrayList<>();
            for (long i = 0; i < logCount(self.number()); i++) {
                String text = Text.decode(logLine(self.number(), i, truncated));
                lines.add(new LogLine(text, truncated[0]));
            }
            return Collections.unmodifiableList(lines);
        }
    }

    /** What the called export returned; none unless the guest finished. */
    public List<Value> values() {
        try (Resource.Use self = hold()) {
            return Value.list(values(self.number()));
        }
    }

    /** What it used. */
    public Usage usage() {
        try (Resource.Use self = hold()) {
            return new Usage(usage(self.number()));
        }
    }

    /** The trees that a program of WASI could write to, as it left them, by the names that they were mounted under. */
    public Map<String, Tree> trees() {
        try (Resource.Use self = hold()) {
            Map<String, Tree> trees = new LinkedHashMap<>();
            for (long i = 0; i < treeCount(self.number()); i++) {
                trees.put(Text.decode(mount(self.number(), i)), new Tree(tree(self.number(), i)));
            }
            return Collections.unmodifiableMap(trees);
        }
    }

    /** The whole report as JSON. Bytes that are not UTF-8 are {@code {"base64": ".."}}. */
    public String json() {
        try (Resource.Use self = hold()) {
            return Text.decode(json(self.number()));
        }
    }

    private static native int outcome(long report);

    private static native boolean exitStatus(long report, int[] status);

    private static native long stop(long report);

    private static native int phase(long report);

    private static native byte[] output(long report);

    private static native long outputInto(long report, ByteBuffer direct, int offset, int room);

    private static native byte[] stderr(long report);

    private static native long logCount(long report);

    private static native byte[] logLine(long report, long index, boolean[] truncated);

    private static native long[] values(long report);

    private static native long[] usage(long report);

    private static native long treeCount(long report);

    private static native byte[] mount(long report, long index);

    private static native long tree(long report, long index);

    private static native byte[] json(long report);

    private static native void free(long report);
}
