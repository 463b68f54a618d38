package dev.fuelbox;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.LongConsumer;
import java.util.function.LongUnaryOperator;

/**
 * A call in progress, which is run by steps. One thread at a time, else {@link BusyException}. Closing it ends the
 * guest, wherever it is.
 */
public final class Execution extends Handle {
    private final Run run;
    /** What its host functions know the run by. */
    private final long runNumber;

    Execution(long number, Run run, long runNumber) {
        super(number, end(runNumber));
        this.run = run;
        this.runNumber = runNumber;
    }

    private static LongConsumer end(long runNumber) {
        return number -> {
            free(number);
            Run.forget(runNumber);
        };
    }

    /** Begins a call by {@code starting}, which is handed the call of the library. */
    static Execution begin(Run run, Call call, LongUnaryOperator starting) {
        long runNumber = run.register();
        try {
            return new Execution(call.lend(runNumber, starting::applyAsLong), run, runNumber);
        } catch (Throwable e) {
            Run.forget(runNumber);
            throw e;
        }
    }

    /** Runs the guest for about so much fuel: the same point on every machine. Never sleeps. */
    public Step step(long fuel) {
        if (fuel < 0 && fuel != Limits.UNLIMITED) {
            throw new IllegalArgumentException("cannot step by " + fuel);
        }
        return step(fuel, Limits.UNLIMITED);
    }

    /** Runs the guest for about so much time. Never sleeps. */
    public Step step(Duration time) {
        return step(Limits.UNLIMITED, Limits.nanos(time));
    }

    /** Runs the guest for about so much fuel and time, whichever comes first. Never sleeps. */
    public Step step(long fuel, Duration time) {
        if (fuel < 0 && fuel != Limits.UNLIMITED) {
            throw new IllegalArgumentException("cannot step by " + fuel);
        }
        return step(fuel, Limits.nanos(time));
    }

    private Step step(long fuel, long nanos) {
        try (Resource.Use self = hold()) {
            return Step.of(run.during(() -> step(self.number(), fuel, nanos)));
        }
    }

    /** When to step a guest that waits though nothing else happens, in nanoseconds by the sandbox's clock. */
    public OptionalLong wakeAt() {
        try (Resource.Use self = hold()) {
            long nanos = wakeAt(self.number());
            return nanos < 0 ? OptionalLong.empty() : OptionalLong.of(nanos);
        }
    }

    /** Sleeps for a millisecond at the most if the guest waits. */
    public void sleep() {
        try (Resource.Use self = hold()) {
            sleep(self.number());
        }
    }

    /** Whether the call is over. */
    public boolean isOver() {
        try (Resource.Use self = hold()) {
            return isOver(self.number());
        }
    }

    /** What the guest has written so far. */
    public byte[] output() {
        try (Resource.Use self = hold()) {
            return output(self.number());
        }
    }

    /** What a program of WASI has written to its error stream so far. */
    public byte[] stderr() {
        try (Resource.Use self = hold()) {
            return stderr(self.number());
        }
    }

    /** What it has used so far. */
    public Usage usage() {
        try (Resource.Use self = hold()) {
            return new Usage(usage(self.number()));
        }
    }

    /** A token that cancels this call from any thread. Get it before another thread begins to step. */
    public CancelToken cancelToken() {
        try (Resource.Use self = hold()) {
            return new CancelToken(cancelToken(self.number()));
        }
    }

    /**
     * What the guest asks its host.
     *
     * @throws IllegalStateException where it asks nothing
     */
    public Request request() {
        try (Resource.Use self = hold()) {
            return new Request(this, self.number());
        }
    }

    /**
     * Answers what the guest asks: it goes on with the next step.
     *
     * @throws FuelboxException {@code answer-types}, {@code answer-reference}: it still waits
     * @throws IllegalStateException where it asks nothing
     */
    public void answer(Value... results) {
        long[] packed = Value.pack(results);
        try (Resource.Use self = hold()) {
            run.during(() -> {
                answer(self.number(), packed);
                return null;
            });
        }
    }

    /** Ends the call, since what the guest asks cannot be answered: as {@code host-function} with this text. */
    public void fail(String message) {
        byte[] text = Text.encode(message);
        try (Resource.Use self = hold()) {
            fail(self.number(), text);
        }
    }

    /** Runs the guest to its end. This is closed from then on. */
    public Finished finish() {
        long[] left = new long[2];
        try (Resource.Use self = hold()) {
            return run.during(() -> {
                byte[] recording = finish(self.number(), left);
                self.take();
                Run.forget(runNumber);
                return new Finished(left[0], left[1], run, recording);
            });
        }
    }

    Run ofRun() {
        return run;
    }

    long runNumber() {
        return runNumber;
    }

    private static native int step(long execution, long fuel, long nanos);

    private static native long wakeAt(long execution);

    private static native void sleep(long execution);

    private static native boolean isOver(long execution);

    private static native byte[] output(long execution);

    private static native byte[] stderr(long execution);

    private static native long[] usage(long execution);

    private static native long cancelToken(long execution);

    private static native void answer(long execution, long[] results);

    private static native void fail(long execution, byte[] message);

    private static native byte[] finish(long execution, long[] left);

    private static native void free(long execution);
}
