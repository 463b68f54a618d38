package dev.fuelbox;

/** Who comes first in a scheduler: as long as one of a higher priority has something to run, none of a lower one runs. */
public enum Priority {
    LOW,
    NORMAL,
    HIGH
}
