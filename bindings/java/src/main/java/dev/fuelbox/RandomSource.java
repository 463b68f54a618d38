package dev.fuelbox;

/** Random bytes of the host, which every thread that runs a guest asks for. Where it throws, so does the call. */
@FunctionalInterface
public interface RandomSource {
    /** Fills all of {@code bytes}, as {@link java.security.SecureRandom#nextBytes} does. */
    void fill(byte[] bytes);
}
