package dev.fuelbox;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * What the host's lambdas see of one call and leave behind. A call that is run to its end is the current one of its
 * thread; one that is stepped has a number too, which its host functions are told, since a scheduler mixes many.
 */
final class Run {
    private static final ThreadLocal<Run> CURRENT = new ThreadLocal<>();
    private static final Map<Long, Run> STEPPED = new ConcurrentHashMap<>();
    private static final AtomicLong NEXT = new AtomicLong(1);

    final Object context;
    private volatile Throwable thrown;
    /** What a clock or a source of bytes threw, which have no other way to say that they failed. */
    private Throwable broken;

    Run(Object context) {
        this.context = context;
    }

    /** The call that a host function is called by: the one with this number, or the current one for 0. */
    static Run of(long number) {
        Run run = number == 0 ? CURRENT.get() : STEPPED.get(number);
        return run == null ? new Run(null) : run;
    }

    /** Gives it a number, until {@link #forget}. */
    long register() {
        long number = NEXT.getAndIncrement();
        STEPPED.put(number, this);
        return number;
    }

    static void forget(long number) {
        STEPPED.remove(number);
    }

    /** Runs guest code as the current call. */
    <T> T during(Supplier<T> guest) {
        Run outer = CURRENT.get();
        CURRENT.set(this);
        T result;
        try {
            result = guest.get();
        } catch (StoppedException e) {
            e.because(thrown);
            throw e;
        } finally {
            CURRENT.set(outer);
        }
        if (broken != null) {
            throw new IllegalStateException("a clock, or a source of random bytes or input, of the host threw", broken);
        }
        return result;
    }

    /** What a host function threw, null for nothing. */
    Throwable thrown() {
        return thrown;
    }

    void threw(Throwable throwable) {
        thrown = throwable;
    }

    /** Remembers that a clock or source of this thread's call failed. */
    static void broke(Throwable throwable) {
        Run current = CURRENT.get();
        if (current != null && current.broken == null) {
            current.broken = throwable;
        }
    }
}
