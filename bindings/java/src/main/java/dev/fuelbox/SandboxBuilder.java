package dev.fuelbox;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.LongConsumer;

/**
 * What a sandbox is to have. What is not granted is refused before any guest code runs; the same grant again replaces
 * the one before. Not for several threads at a time.
 */
public final class SandboxBuilder {
    static {
        Library.ensure();
    }

    private final Limits limits;
    private final List<LongConsumer> grants = new ArrayList<>();
    private HostClock clock;

    SandboxBuilder(Limits limits) {
        this.limits = Objects.requireNonNull(limits, "limits");
    }

    /** Takes the time of deadlines from a clock of the host. */
    public SandboxBuilder clock(HostClock ofHost) {
        clock = Objects.requireNonNull(ofHost, "clock");
        return this;
    }

    /** Grants input, output and log: what most plugins need. */
    public SandboxBuilder grantProtocol() {
        return grant(SandboxBuilder::protocol);
    }

    /** Lets guests read their input. */
    public SandboxBuilder grantInput() {
        return grant(SandboxBuilder::input);
    }

    /** Lets guests write output, into the report. */
    public SandboxBuilder grantOutput() {
        return grant(SandboxBuilder::output);
    }

    /** Lets guests log, into the report. */
    public SandboxBuilder grantLog() {
        return grant(SandboxBuilder::log);
    }

    /** Lets guests of AssemblyScript abort with a message, which goes to the log. */
    public SandboxBuilder grantAbort() {
        return grant(SandboxBuilder::abort);
    }

    /** Lets guests ask for the time, by a clock that stands still so long after the Unix epoch. */
    public SandboxBuilder grantClockFixed(Duration sinceEpoch) {
        long nanos = Limits.nanos(sinceEpoch);
        return grant(sandbox -> clockFixed(sandbox, nanos));
    }

    /** Lets guests ask for the time, by a clock that starts there and goes on by a nanosecond with each fuel. */
    public SandboxBuilder grantClockByFuel(Duration sinceEpoch) {
        long nanos = Limits.nanos(sinceEpoch);
        return grant(sandbox -> clockByFuel(sandbox, nanos));
    }

    /** Lets guests ask for the time by the machine's clock: runs are no longer reproducible. */
    public SandboxBuilder grantClockSystem() {
        return grant(SandboxBuilder::clockSystem);
    }

    /** Lets guests ask for the time by a clock of the host, in nanoseconds since the Unix epoch. */
    public SandboxBuilder grantClock(HostClock ofHost) {
        Objects.requireNonNull(ofHost, "clock");
        return grant(sandbox -> clockOfHost(sandbox, ofHost));
    }

    /** Lets guests ask for random bytes, the same for the same seed on every machine: not for keys. */
    public SandboxBuilder grantRandomSeeded(long seed) {
        return grant(sandbox -> randomSeeded(sandbox, seed));
    }

    /** Lets guests ask for random bytes of this source: runs are no longer reproducible. */
    public SandboxBuilder grantRandom(RandomSource source) {
        Objects.requireNonNull(source, "source");
        return grant(sandbox -> random(sandbox, source));
    }

    /** Lets guests ask for random bytes that nobody can foretell: runs are no longer reproducible. */
    public SandboxBuilder grantSecureRandom() {
        return grantRandom(new SecureRandom()::nextBytes);
    }

    /** Lets guests be programs of WASI preview 1, with the settings as {@link #build} finds and copies them. */
    public SandboxBuilder grantWasi(Wasi settings) {
        Objects.requireNonNull(settings, "settings");
        return grant(sandbox -> {
            try (Resource.Use wasi = settings.hold()) {
                wasi(sandbox, wasi.number());
            }
        });
    }

    /**
     * Offers a function of the host, which guests import as {@code module}.{@code name}. The time it takes counts
     * towards the deadline, but nothing interrupts it. It is kept until the sandbox and all that was started in it are
     * ended; a function that holds on to its own sandbox keeps that from being collected.
     */
    public SandboxBuilder grantFunction(String module, String name, Signature signature, HostFunction function) {
        Objects.requireNonNull(function, "function");
        byte[] first = Text.encode(module);
        byte[] second = Text.encode(name);
        Callback.Function callback = new Callback.Function(function, signature, module + "." + name);
        int[] params = signature.paramNumbers();
        int[] results = signature.resultNumbers();
        return grant(sandbox -> function(sandbox, first, second, params, results, callback));
    }

    /**
     * Offers a function that the host answers later, with {@link Execution#answer}: a guest that calls it waits. A call
     * that is run to its end instead of stepped stops there, as {@code unanswered}.
     */
    public SandboxBuilder grantWaiting(String module, String name, Signature signature) {
        byte[] first = Text.encode(module);
        byte[] second = Text.encode(name);
        int[] params = signature.paramNumbers();
        int[] results = signature.resultNumbers();
        return grant(sandbox -> waiting(sandbox, first, second, params, results));
    }

    /** Links functions that nothing offers, so that a module which imports them can start: a call of one stops it. */
    public SandboxBuilder stubUnknown() {
        return grant(SandboxBuilder::stub);
    }

    /**
     * Keeps what crosses the boundary into each guest, up to so many bytes of data, so that its run can be repeated: see
     * {@link Instance#recording} and {@link Finished#recording}. It holds what entered the guest: treat it as that data.
     */
    public SandboxBuilder record(long mostBytes) {
        if (mostBytes < 0) {
            throw new IllegalArgumentException("cannot record " + mostBytes + " bytes");
        }
        return grant(sandbox -> record(sandbox, mostBytes));
    }

    /** Refuses guests that do not say which version of the protocol they were built for. */
    public SandboxBuilder requireAbiVersion() {
        return grant(SandboxBuilder::abiVersion);
    }

    /** Makes the sandbox. More can be granted afterwards, to the next one. */
    public Sandbox build() {
        Sandbox sandbox = new Sandbox(limits.lend(lent -> make(lent, clock)));
        try (Resource.Use use = sandbox.hold()) {
            grants.forEach(grant -> grant.accept(use.number()));
            return sandbox;
        } catch (RuntimeException e) {
            sandbox.close();
            throw e;
        }
    }

    private SandboxBuilder grant(LongConsumer grant) {
        grants.add(grant);
        return this;
    }

    private static native long make(long limits, HostClock clock);

    private static native void protocol(long sandbox);

    private static native void record(long sandbox, long mostBytes);

    private static native void input(long sandbox);

    private static native void output(long sandbox);

    private static native void log(long sandbox);

    private static native void abort(long sandbox);

    private static native void clockFixed(long sandbox, long nanos);

    private static native void clockByFuel(long sandbox, long nanos);

    private static native void clockSystem(long sandbox);

    private static native void clockOfHost(long sandbox, HostClock clock);

    private static native void randomSeeded(long sandbox, long seed);

    private static native void random(long sandbox, RandomSource source);

    private static native void wasi(long sandbox, long wasi);

    private static native void function(
            long sandbox, byte[] module, byte[] name, int[] params, int[] results, Callback.Function function);

    private static native void waiting(long sandbox, byte[] module, byte[] name, int[] params, int[] results);

    private static native void stub(long sandbox);

    private static native void abiVersion(long sandbox);
}
