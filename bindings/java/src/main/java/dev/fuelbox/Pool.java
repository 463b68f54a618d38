package dev.fuelbox;

/** Instances made ahead, so that nobody waits for a start. One thread at a time, else {@link BusyException}. */
public final class Pool extends Handle {
    Pool(long number) {
        super(number, Pool::free);
    }

    /** Makes one instance if there is room for it, and says whether it did. For times when nobody waits. */
    public boolean refillOne() {
        try (Resource.Use self = hold()) {
            return new Run(null).during(() -> refillOne(self.number()));
        }
    }

    /** Makes instances until the pool is full. Where one cannot be made, those before stay. */
    public void refill() {
        try (Resource.Use self = hold()) {
            new Run(null).during(() -> {
                refill(self.number());
                return null;
            });
        }
    }

    /** Hands out an instance that is ready, else makes one. */
    public Instance take() {
        try (Resource.Use self = hold()) {
            return new Run(null).during(() -> new Instance(take(self.number())));
        }
    }

    /** How many instances are ready. */
    public long ready() {
        try (Resource.Use self = hold()) {
            return ready(self.number());
        }
    }

    private static native boolean refillOne(long pool);

    private static native void refill(long pool);

    private static native long take(long pool);

    private static native long ready(long pool);

    private static native void free(long pool);
}
