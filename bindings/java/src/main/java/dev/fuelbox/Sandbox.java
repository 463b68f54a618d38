package dev.fuelbox;

import java.nio.ByteBuffer;
import java.util.Objects;

/** Limits and grants together; for any number of runs, in any number of threads at the same time. */
public final class Sandbox extends Handle {
    Sandbox(long number) {
        super(number, Sandbox::free);
    }

    /** A sandbox with these limits, to which nothing is granted yet. */
    public static SandboxBuilder builder(Limits limits) {
        return new SandboxBuilder(limits);
    }

    /** A sandbox with the default limits, to which nothing is granted yet. */
    public static SandboxBuilder builder() {
        return builder(Limits.defaults());
    }

    /**
     * Runs a module to its end in an instance of its own. A guest that is stopped is no exception here: the report says
     * so, and {@link Report#orThrow} makes it one.
     *
     * @throws FuelboxException where it is refused before guest code runs
     */
    public Report run(WasmModule module, Call call) {
        Run run = call.begin();
        try (Resource.Use self = hold(); Resource.Use code = module.hold()) {
            return call.lend(0, lent -> run.during(() -> new Report(run(self.number(), code.number(), lent), run)));
        }
    }

    /** Runs its entry with this input: see {@link #run(WasmModule, Call)}. */
    public Report run(WasmModule module, byte[] input) {
        return run(module, Call.entry().input(input));
    }

    /** Runs its entry with this input, from position to limit: see {@link #run(WasmModule, Call)}. */
    public Report run(WasmModule module, ByteBuffer input) {
        return run(module, Call.entry().input(input));
    }

    /** Begins a call in an instance of its own, to be stepped. No guest code runs yet. */
    public Execution start(WasmModule module, Call call) {
        Run run = call.begin();
        try (Resource.Use self = hold(); Resource.Use code = module.hold()) {
            return Execution.begin(run, call, lent -> start(self.number(), code.number(), lent));
        }
    }

    /**
     * Makes a guest that lives. Its start function and {@code _initialize} have then run, under the limits of a call.
     *
     * @throws StoppedException where they are stopped
     */
    public Instance instantiate(WasmModule module) {
        Run run = new Run(null);
        try (Resource.Use self = hold(); Resource.Use code = module.hold()) {
            return run.during(() -> new Instance(instantiate(self.number(), code.number())));
        }
    }

    /** A pool for up to so many instances made ahead; none is made yet. */
    public Pool pool(WasmModule module, int size) {
        if (size < 0) {
            throw new IllegalArgumentException("a pool cannot have " + size + " instances");
        }
        try (Resource.Use self = hold(); Resource.Use code = module.hold()) {
            return new Pool(pool(self.number(), code.number(), size));
        }
    }

    /**
     * What would keep a call from running, found without running anything, as a JSON object: {@code would_run}, {@code
     * imports} with the status of each, and {@code refusals}.
     */
    public String check(WasmModule module, Call call) {
        Objects.requireNonNull(call, "call");
        try (Resource.Use self = hold(); Resource.Use code = module.hold()) {
            return Text.decode(call.lend(0, lent -> check(self.number(), code.number(), lent)));
        }
    }

    private static native long run(long sandbox, long module, long call);

    private static native long start(long sandbox, long module, long call);

    private static native long instantiate(long sandbox, long module);

    private static native long pool(long sandbox, long module, long size);

    private static native byte[] check(long sandbox, long module, long call);

    private static native void free(long sandbox);
}
