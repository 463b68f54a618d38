package dev.fuelbox;

/** Who comes first in a scheduler: as long as one of a higher priority can run, none of a lower one does. */
public enum Priority {
    LOW,
    NORMAL,
    HIGH
}
