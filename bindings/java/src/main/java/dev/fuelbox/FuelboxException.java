package dev.fuelbox;

import java.util.Optional;

/**
 * A call was refused before guest code ran, or could not be done; {@link StoppedException} where guest code ran. Not
 * what a program does wrong with this interface: see {@link ClosedException}, {@link BusyException} and {@link
 * IllegalArgumentException}.
 */
public class FuelboxException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Reason reason;

    FuelboxException(Reason reason) {
        super(reason.message());
        this.reason = reason;
    }

    /** Everything about it, as data. */
    public final Reason reason() {
        return reason;
    }

    /** The word of it, such as {@code initial-memory}: docs/codes.md has them all. */
    public final String code() {
        return reason.code();
    }

    /** What to change, in a sentence. */
    public final Optional<String> advice() {
        return reason.advice();
    }

    /** Who has to act. */
    public final Blame blame() {
        return reason.blame();
    }
}
