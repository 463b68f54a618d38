package dev.fuelbox;

/**
 * The guest cannot go on: what a host function asked of its {@link Caller} lies outside the guest's memory ({@code
 * fault}), or the guest has no fuel left for it ({@code out-of-fuel}). A host function that lets it pass stops the run
 * for that reason; one that catches it goes on.
 */
public final class HaltException extends FuelboxException {
    private static final long serialVersionUID = 1;

    private final transient Caller caller;

    HaltException(Caller caller, int status, String message) {
        super(new Reason(status, message));
        this.caller = caller;
    }

    /** Whether it is of this call, not of one around it. */
    boolean isOf(Caller other) {
        return caller == other;
    }
}
