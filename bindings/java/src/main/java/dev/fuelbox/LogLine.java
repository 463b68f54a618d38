package dev.fuelbox;

/** One line of a guest's log. */
public final class LogLine {
    private final String text;
    private final boolean truncated;

    LogLine(String text, boolean truncated) {
        this.text = text;
        this.truncated = truncated;
    }

    /** As the guest wrote it: not for a terminal. */
    public String text() {
        return text;
    }

    /** Whether it was cut to fit the limits. */
    public boolean isTruncated() {
        return truncated;
    }

    @Override
    public String toString() {
        return text;
    }
}
