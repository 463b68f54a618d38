package dev.fuelbox;

/** Cancels calls, from any thread. Closing it does not cancel: calls keep what it stands for. */
public final class CancelToken extends Handle {
    /** Makes one, for {@link Call#cancelToken}. */
    public CancelToken() {
        this(make());
    }

    CancelToken(long number) {
        super(number, CancelToken::free);
    }

    /** Cancels all calls that have the token, now and later: each stops within about a millisecond. */
    public void cancel() {
        try (Resource.Use self = hold()) {
            cancel(self.number());
        }
    }

    /** Whether it was used. */
    public boolean isCancelled() {
        try (Resource.Use self = hold()) {
            return isCancelled(self.number());
        }
    }

    private static native long make();

    private static native void cancel(long token);

    private static native boolean isCancelled(long token);

    private static native void free(long token);
}
