package dev.fuelbox;

/** A clock of the host, which every thread that runs a guest asks. Where it throws, so does the call. */
@FunctionalInterface
public interface HostClock {
    /** Nanoseconds since any fixed moment, never going back; for guests since the Unix epoch. */
    long nanos();
}
