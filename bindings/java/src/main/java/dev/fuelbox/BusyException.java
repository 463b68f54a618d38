package dev.fuelbox;

/** Something that one thread at a time may use is in use: by another thread, or by the call that calls you. */
public final class BusyException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    BusyException() {
        super("another call with it is in progress: use it in one thread at a time, and not within its own call");
    }

    /** The word of the C interface for it, {@code busy}. */
    public String code() {
        return "busy";
    }
}
