package dev.fuelbox;

/** Who comes first in a scheduler: as long as one of a higher priority can run, none of a lower one does. */
public enum Priority {
    /** When nobody else has anything to run. */
    LOW,
    /** What most have. */
    NORMAL,
    /** Before all others. */
    HIGH
}
