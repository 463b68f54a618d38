package dev.fuelbox;

import java.util.function.LongConsumer;

/**
 * What stands for something of the library. Close it as soon as you are done with it; what is forgotten is ended some
 * time after the garbage collector has found it, and a guest's memory until then is not on the heap that it watches.
 */
public abstract class Handle implements AutoCloseable {
    static {
        Library.ensure();
    }

    private final Resource resource;

    Handle(long number, LongConsumer end) {
        resource = new Resource(this, number, end);
    }

    /** Begins a use; the caller closes it. Not called `use`, which in Kotlin is what closes it. */
    final Resource.Use hold() {
        return resource.use();
    }

    /** Whether it was closed, or taken away by a call that says so. */
    public final boolean isClosed() {
        return resource.isClosed();
    }

    /**
     * Ends it. Closing again does nothing. A call that is in progress with it, in any thread, goes on to its end; every
     * later one throws {@link ClosedException}.
     */
    @Override
    public final void close() {
        resource.close();
    }
}
