package dev.fuelbox;

import java.util.Optional;

/** What is left of a call that is over. */
public final class Finished implements AutoCloseable {
    private final Report report;
    private final Instance instance;

    Finished(long report, long instance, Run run) {
        this.report = new Report(report, run);
        this.instance = instance == 0 ? null : new Instance(instance);
    }

    /** What happened. */
    public Report report() {
        return report;
    }

    /** The guest, with its state; empty where the call has ended it. */
    public Optional<Instance> instance() {
        return Optional.ofNullable(instance);
    }

    /** Closes both. */
    @Override
    public void close() {
        report.close();
        if (instance != null) {
            instance.close();
        }
    }
}
