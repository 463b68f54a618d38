package dev.fuelbox;

import java.util.Optional;

/** What is left of a call that is over. */
public final class Finished implements AutoCloseable {
    private final Report report;
    private final Instance instance;
    private final byte[] recording;

    Finished(long report, long instance, Run run, byte[] recording) {
        this.recording = recording;
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

    /** What was recorded of the guest, as a file, {@code .fbrun}; empty where its sandbox does not record. */
    public Optional<byte[]> recording() {
        return Optional.ofNullable(recording);
    }

    /** Closes report and instance. */
    @Override
    public void close() {
        report.close();
        if (instance != null) {
            instance.close();
        }
    }
}
