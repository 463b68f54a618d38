package dev.fuelbox;

/** What happens to a guest that wants more memory or table elements than it may have. */
public enum GrowthDenial {
    /** It is stopped, and the report says why. */
    STOP,
    /** It is told so, and goes on. */
    REFUSE
}
