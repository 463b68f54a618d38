package dev.fuelbox;

import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;

/**
 * A number that the library gave out, which is ended exactly once: when its handle is closed and no call uses it any
 * more, or after the handle was forgotten.
 *
 * <p>It counts the calls in progress, so that closing a handle never pulls it away from under another thread.
 */
final class Resource extends PhantomReference<Handle> {
    private static final ReferenceQueue<Handle> FORGOTTEN = new ReferenceQueue<>();
    /** Keeps the references themselves alive until they are ended. */
    private static final Set<Resource> LIVE = ConcurrentHashMap.newKeySet();
    /** In {@link #uses}, beside their number. */
    private static final int CLOSED = 1 << 31;

    static {
        // java.lang.ref.Cleaner does the same, but is on Android only since API level 33.
        Thread reaper = new Thread(Resource::endForgotten, "fuelbox-reaper");
        reaper.setDaemon(true);
        reaper.start();
    }

    private final long number;
    private final LongConsumer end;
    private final String kind;
    private final AtomicInteger uses = new AtomicInteger();
    private final Use use = new Use();
    private volatile boolean taken;

    Resource(Handle handle, long number, LongConsumer end) {
        super(handle, FORGOTTEN);
        this.number = number;
        this.end = end;
        this.kind = handle.getClass().getSimpleName();
        LIVE.add(this);
    }

    /** A use of the number by one call, which keeps it from being ended until it is closed. */
    final class Use implements AutoCloseable {
        long number() {
            return number;
        }

        /** Says that the library has taken the number away: it is not to be ended, nor used again. */
        void take() {
            taken = true;
            shut();
        }

        @Override
        public void close() {
            if (uses.decrementAndGet() == CLOSED) {
                end();
            }
        }
    }

    /** Begins a use. */
    Use use() {
        int now;
        do {
            now = uses.get();
            if ((now & CLOSED) != 0) {
                throw new ClosedException(kind);
            }
        } while (!uses.compareAndSet(now, now + 1));
        return use;
    }

    boolean isClosed() {
        return (uses.get() & CLOSED) != 0;
    }

    /** Refuses further uses, and ends the number as soon as there are none. */
    void close() {
        if (shut() == 0) {
            end();
        }
    }

    /** Closes; how many uses there are, or -1 where it was closed already. */
    private int shut() {
        int now;
        do {
            now = uses.get();
            if ((now & CLOSED) != 0) {
                return -1;
            }
        } while (!uses.compareAndSet(now, now | CLOSED));
        return now;
    }

    private void end() {
        LIVE.remove(this);
        clear();
        if (!taken) {
            end.accept(number);
        }
    }

    private static void endForgotten() {
        while (true) {
            try {
                ((Resource) FORGOTTEN.remove()).close();
            } catch (InterruptedException e) {
                // Nobody has a reason to: the thread is ours, and ends with the process.
            } catch (RuntimeException | Error e) {
                // One that cannot be ended must not keep the others from it.
            }
        }
    }
}
