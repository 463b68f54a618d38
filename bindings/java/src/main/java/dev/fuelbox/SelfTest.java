package dev.fuelbox;

/** What a self-test found. */
public final class SelfTest {
    static {
        Library.ensure();
    }

    private final boolean contained;
    private final long count;
    private final String text;
    private final String json;

    private SelfTest(long found) {
        contained = isContained(found);
        count = count(found);
        text = Text.decode(text(found));
        json = Text.decode(json(found));
    }

    /**
     * Runs over a hundred built-in attacks on the machine at hand, which takes about a second where code is optimised.
     * Once in the app that you ship, on the device, and not on its main thread.
     */
    public static SelfTest run() {
        long found = make();
        try {
            return new SelfTest(found);
        } finally {
            free(found);
        }
    }

    /** Whether every attack was contained. */
    public boolean isContained() {
        return contained;
    }

    /** How many attacks there were. */
    public long count() {
        return count;
    }

    /** What was found, as JSON. */
    public String json() {
        return json;
    }

    /** A table for people, one line for each attack. */
    @Override
    public String toString() {
        return text;
    }

    private static native long make();

    private static native boolean isContained(long found);

    private static native long count(long found);

    private static native byte[] text(long found);

    private static native byte[] json(long found);

    private static native void free(long found);
}
