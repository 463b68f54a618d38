package dev.fuelbox;

/** The part of a run. */
public enum Phase {
    /** The module's start function. */
    START,
    /** The export {@code _initialize}. */
    INITIALIZE,
    /** The entry, or the export that was called. */
    ENTRY;

    private static final Phase[] ALL = values();

    static Phase of(int number) {
        return ALL[number];
    }
}
