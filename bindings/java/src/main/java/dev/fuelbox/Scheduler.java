package dev.fuelbox;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongConsumer;
import java.util.function.LongPredicate;

/**
 * Runs many executions on the calling thread in fair rounds, by the machine's clock or one of the host. One thread at a
 * time, else {@link BusyException}. Each execution has a number, which is never given out again.
 */
public final class Scheduler extends Handle {
    /** The run of each execution in it. */
    private final Map<Long, Added> added;

    private static final class Added {
        final Run run;
        final long runNumber;

        Added(Run run, long runNumber) {
            this.run = run;
            this.runNumber = runNumber;
        }
    }

    /** An execution of a scheduler that is over. */
    public static final class Over implements AutoCloseable {
        private final long id;
        private final Finished finished;

        private Over(long id, Finished finished) {
            this.id = id;
            this.finished = finished;
        }

        /** Its number in the scheduler. */
        public long id() {
            return id;
        }

        /** What {@link Execution#finish} gives. */
        public Finished finished() {
            return finished;
        }

        @Override
        public void close() {
            finished.close();
        }
    }

    /** Makes one without executions. */
    public Scheduler() {
        this(new ConcurrentHashMap<>(), null);
    }

    /** The same by a clock of the host, for executions of sandboxes that have the same one. */
    public Scheduler(HostClock clock) {
        this(new ConcurrentHashMap<>(), Objects.requireNonNull(clock, "clock"));
    }

    private Scheduler(Map<Long, Added> added, HostClock clock) {
        super(make(clock), end(added));
        this.added = added;
    }

    private static LongConsumer end(Map<Long, Added> added) {
        return number -> {
            free(number);
            added.values().forEach(one -> Run.forget(one.runNumber));
        };
    }

    /**
     * Takes an execution away, which is closed from then on, and gives its number.
     *
     * @param weight how many times as much time it gets as one of weight 1; from 1 to 65,535
     */
    public long add(Execution execution, int weight, Priority priority) {
        requireWeight(weight);
        int rank = priority.ordinal();
        try (Resource.Use self = hold(); Resource.Use taken = execution.hold()) {
            long id = add(self.number(), taken.number(), weight, rank);
            added.put(id, new Added(execution.ofRun(), execution.runNumber()));
            taken.take();
            return id;
        }
    }

    /** Runs rounds for about so much time: {@link Step#PAUSED} where there is more to run, else what they wait for. */
    public Step turn(Duration time) {
        long nanos = Limits.nanos(time);
        try (Resource.Use self = hold()) {
            return Step.of(new Run(null).during(() -> turn(self.number(), nanos)));
        }
    }

    /** Gives each execution so much fuel once: the same point on every machine. */
    public Step round(long fuel) {
        if (fuel < 0) {
            throw new IllegalArgumentException("cannot give " + fuel);
        }
        try (Resource.Use self = hold()) {
            return Step.of(new Run(null).during(() -> round(self.number(), fuel)));
        }
    }

    /** The next execution that is over. */
    public Optional<Over> finished() {
        long[] left = new long[3];
        try (Resource.Use self = hold()) {
            if (!finished(self.number(), left)) {
                return Optional.empty();
            }
            Added one = added.remove(left[0]);
            Run.forget(one.runNumber);
            return Optional.of(new Over(left[0], new Finished(left[1], left[2], one.run, null)));
        }
    }

    /** The next execution that asks its host; each question is told once. {@link #remove} it to answer. */
    public OptionalLong asking() {
        try (Resource.Use self = hold()) {
            long id = asking(self.number());
            return id == 0 ? OptionalLong.empty() : OptionalLong.of(id);
        }
    }

    /** Gives an execution back as it is; empty where it was removed or handed out. */
    public Optional<Execution> remove(long id) {
        try (Resource.Use self = hold()) {
            long execution = remove(self.number(), id);
            if (execution == 0) {
                return Optional.empty();
            }
            Added one = added.remove(id);
            return Optional.of(new Execution(execution, one.run, one.runNumber));
        }
    }

    /** Changes weight and priority of an execution, as for {@link #add}; false where it was removed or handed out. */
    public boolean share(long id, int weight, Priority priority) {
        requireWeight(weight);
        int rank = priority.ordinal();
        return with(self -> share(self, id, weight, rank));
    }

    /** Cancels an execution; false where it was removed or handed out. */
    public boolean cancel(long id) {
        return with(self -> cancel(self, id));
    }

    /** Looks at an execution in the next turn though it waits. */
    public void wake(long id) {
        with(self -> {
            wake(self, id);
            return true;
        });
    }

    /** When the first of those that wait goes on, in nanoseconds by the scheduler's clock. */
    public OptionalLong wakeAt() {
        try (Resource.Use self = hold()) {
            long nanos = wakeAt(self.number());
            return nanos < 0 ? OptionalLong.empty() : OptionalLong.of(nanos);
        }
    }

    /** How many executions there are, those included that are over and not handed out. */
    public long count() {
        try (Resource.Use self = hold()) {
            return count(self.number());
        }
    }

    private boolean with(LongPredicate using) {
        try (Resource.Use self = hold()) {
            return using.test(self.number());
        }
    }

    private static void requireWeight(int weight) {
        if (weight < 1 || weight > 65_535) {
            throw new IllegalArgumentException("a weight cannot be " + weight);
        }
    }

    private static native long make(HostClock clock);

    private static native long add(long scheduler, long execution, int weight, int priority);

    private static native int turn(long scheduler, long nanos);

    private static native int round(long scheduler, long fuel);

    private static native boolean finished(long scheduler, long[] left);

    private static native long asking(long scheduler);

    private static native long remove(long scheduler, long id);

    private static native boolean share(long scheduler, long id, int weight, int priority);

    private static native boolean cancel(long scheduler, long id);

    private static native void wake(long scheduler, long id);

    private static native long wakeAt(long scheduler);

    private static native long count(long scheduler);

    private static native void free(long scheduler);
}
