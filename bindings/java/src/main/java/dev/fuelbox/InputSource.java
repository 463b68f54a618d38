package dev.fuelbox;

/**
 * Standard input that arrives while a program of WASI runs: every thread that runs one asks. Where it throws, so does
 * the call.
 */
@FunctionalInterface
public interface InputSource {
    /**
     * Moves what has arrived to the start of {@code buffer}, and never waits: a guest that reads waits, within its
     * deadline, and asks again every millisecond.
     *
     * @return how many bytes those are, 0 where nothing has arrived; -1 once no more will come
     */
    int read(byte[] buffer);
}
