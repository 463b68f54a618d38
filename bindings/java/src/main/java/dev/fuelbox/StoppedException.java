package dev.fuelbox;

/**
 * Guest code ran and was stopped. What a host function threw, where that was the reason, is the cause.
 */
public final class StoppedException extends FuelboxException {
    private static final long serialVersionUID = 1;

    private final transient Report report;

    StoppedException(Reason reason, Report report) {
        super(reason);
        this.report = report;
        report.thrown().ifPresent(this::initCause);
    }

    /** Everything that happened until the stop. Nobody else closes it; the garbage collector finds it with this. */
    public Report report() {
        return report;
    }

    /** Adds what a host function threw meanwhile, if it did. */
    void because(Throwable thrown) {
        if (thrown != null && getCause() == null) {
            report.because(thrown);
            initCause(thrown);
        }
    }
}
