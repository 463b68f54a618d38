package dev.fuelbox;

/** How a call stands after a step. */
public enum Step {
    /** There is more to run. */
    PAUSED,
    /** It waits until {@link Execution#wakeAt}. */
    WAITS_TIME,
    /** It waits for standard input; step it again soon. */
    WAITS_INPUT,
    /** It waits for {@link Execution#answer}. */
    WAITS_HOST,
    /** It is over: {@link Execution#finish} has the report. */
    DONE;

    private static final Step[] ALL = values();

    static Step of(int number) {
        return ALL[number];
    }
}
