package dev.fuelbox;

/** Who has to act on a refusal or a stop. */
public enum Blame {
    /** The guest's author: the module is wrong. */
    GUEST,
    /** Whoever sets the limits. */
    LIMIT,
    /** The program that embeds the sandbox. */
    HOST,
    /** The library: please report it. */
    ENGINE;

    private static final Blame[] ALL = values();

    static Blame of(int number) {
        return number >= 0 && number < ALL.length ? ALL[number] : ENGINE;
    }
}
