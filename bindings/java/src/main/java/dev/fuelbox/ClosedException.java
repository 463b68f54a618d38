package dev.fuelbox;

/** Something was used after it was closed, or after it was taken away by a call that says so. */
public final class ClosedException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    ClosedException(String kind) {
        super("this " + kind + " was closed, or given away to a call such as start, finish or add");
    }

    /** The word of the C interface for it, {@code stale-handle}. */
    public String code() {
        return "stale-handle";
    }
}
