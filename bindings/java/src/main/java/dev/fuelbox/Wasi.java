package dev.fuelbox;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.Objects;
import java.util.function.LongConsumer;

/**
 * What a program of WASI is given: nothing yet but the name {@code guest}. Its standard input is the input of the call,
 * its standard output the output; time goes with fuel and random bytes have seed 0, so that runs are reproducible.
 */
public final class Wasi extends Handle {
    /** Makes settings, for {@link SandboxBuilder#grantWasi}. */
    public Wasi() {
        super(make(), Wasi::free);
    }

    /** Sets the name of the program, its argument 0. */
    public Wasi program(String name) {
        byte[] text = Text.encode(name);
        return set(self -> program(self, text));
    }

    /** Adds arguments. */
    public Wasi args(String... args) {
        for (String arg : args) {
            byte[] text = Text.encode(arg);
            set(self -> arg(self, text));
        }
        return this;
    }

    /** Sets a variable of the environment. */
    public Wasi env(String name, String value) {
        byte[] key = Text.encode(name);
        byte[] text = Text.encode(value);
        return set(self -> env(self, key, text));
    }

    /** Mounts a tree under a name such as {@code /data}, in place of another there: a copy of it as it is now. */
    public Wasi mount(String name, Tree tree) {
        byte[] at = Text.encode(name);
        try (Resource.Use files = tree.hold()) {
            return set(self -> mount(self, at, files.number()));
        }
    }

    /** Mounts a real directory: each run begins with nothing open and its limits unused. */
    public Wasi mountDirectory(String name, Directory directory) {
        byte[] at = Text.encode(name);
        try (Resource.Use files = directory.hold()) {
            return set(self -> mountDirectory(self, at, files.number()));
        }
    }

    /** Mounts a real directory with the limits that it has by default: see {@link Directory}. */
    public Wasi mountDirectory(String name, String path, boolean writable) {
        try (Directory directory = new Directory(path, writable)) {
            return mountDirectory(name, directory);
        }
    }

    /**
     * Takes standard input from the host while the guest runs, in place of the input of the call. Runs are no longer
     * reproducible.
     */
    public Wasi stdin(InputSource source) {
        Objects.requireNonNull(source, "source");
        return set(self -> stdin(self, source));
    }

    /** Sets a clock that stands still so long after the Unix epoch. */
    public Wasi clockFixed(Duration sinceEpoch) {
        long nanos = Limits.nanos(sinceEpoch);
        return set(self -> clockFixed(self, nanos));
    }

    /** Sets a clock that starts there and goes on by a nanosecond with each fuel. */
    public Wasi clockByFuel(Duration sinceEpoch) {
        long nanos = Limits.nanos(sinceEpoch);
        return set(self -> clockByFuel(self, nanos));
    }

    /** Sets the machine's own clock: runs are no longer reproducible, and a guest that sleeps really waits. */
    public Wasi clockSystem() {
        return set(Wasi::clockSystem);
    }

    /** Sets the seed of random bytes. */
    public Wasi randomSeeded(long seed) {
        return set(self -> randomSeeded(self, seed));
    }

    /** Sets a source of random bytes: runs are no longer reproducible. */
    public Wasi random(RandomSource source) {
        Objects.requireNonNull(source, "source");
        return set(self -> random(self, source));
    }

    /** Sets random bytes that nobody can foretell: runs are no longer reproducible. */
    public Wasi secureRandom() {
        return random(new SecureRandom()::nextBytes);
    }

    private Wasi set(LongConsumer setting) {
        try (Resource.Use self = hold()) {
            setting.accept(self.number());
        }
        return this;
    }

    private static native long make();

    private static native void program(long wasi, byte[] name);

    private static native void arg(long wasi, byte[] arg);

    private static native void env(long wasi, byte[] name, byte[] value);

    private static native void mount(long wasi, byte[] name, long tree);

    private static native void mountDirectory(long wasi, byte[] name, long directory);

    private static native void stdin(long wasi, InputSource source);

    private static native void clockFixed(long wasi, long nanos);

    private static native void clockByFuel(long wasi, long nanos);

    private static native void clockSystem(long wasi);

    private static native void randomSeeded(long wasi, long seed);

    private static native void random(long wasi, RandomSource source);

    private static native void free(long wasi);
}
