package dev.fuelbox;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.Test;
import org.junit.function.ThrowingRunnable;

/** Handles end once, when they are closed or forgotten, and never while somebody uses them. */
public class HandlesTest {
    @Test
    public void closingTwiceIsHarmlessAndUseAfterwardsIsAnException() {
        WasmModule module = Guests.module("calls");
        Sandbox sandbox = Sandbox.builder().build();
        Instance instance = sandbox.instantiate(module);
        Execution execution = sandbox.start(module, Call.export("next"));
        Report report = sandbox.run(module, Call.export("next"));
        List<Handle> handles = Arrays.asList(
                module, sandbox, instance, execution, report, new Tree(), new Wasi(), new Scheduler(),
                new CancelToken(), sandbox.pool(module, 1));
        for (Handle handle : handles) {
            assertFalse(handle.isClosed());
            handle.close();
            handle.close();
            assertTrue(handle.isClosed());
        }
        List<ThrowingRunnable> uses = Arrays.asList(
                module::fingerprint,
                () -> sandbox.run(module, new byte[0]),
                instance::memorySize,
                () -> execution.step(1),
                execution::finish,
                report::output,
                () -> ((Tree) handles.get(5)).json(),
                () -> ((Wasi) handles.get(6)).args("a"),
                () -> ((Scheduler) handles.get(7)).count(),
                () -> ((CancelToken) handles.get(8)).cancel(),
                () -> ((Pool) handles.get(9)).take());
        for (ThrowingRunnable use : uses) {
            ClosedException e = assertThrows(ClosedException.class, use);
            assertEquals("stale-handle", e.code());
            assertTrue(e.getMessage(), e.getMessage().contains(" was closed"));
        }
    }

    @Test
    public void handlesDoNotDependOnEachOther() {
        Instance instance;
        try (WasmModule module = Guests.module("calls");
                Sandbox sandbox = Sandbox.builder(Guests.PATIENT).build()) {
            instance = sandbox.instantiate(module);
        }
        assertEquals(1, instance.call("next").get(0).i32());
        instance.close();
    }

    @Test
    public void whatIsClosedDuringACallInAnotherThreadEndsAfterIt() throws Exception {
        long before = settled();
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        WasmModule module = Guests.module("host");
        Sandbox sandbox = Sandbox.builder(Guests.PATIENT)
                .stubUnknown()
                .grantFunction("env", "price", Guests.PRICE, (caller, args) -> {
                    inside.countDown();
                    closed.await();
                    return Value.results(Value.i64(args[0].i32() * 100L));
                })
                .build();
        Instance instance = sandbox.instantiate(module);
        ExecutorService other = Executors.newSingleThreadExecutor();
        Future<Long> price = other.submit(() -> instance.call("price", Value.i32(7)).get(0).i64());
        inside.await();
        // What one thread at a time may use is in use.
        assertThrows(BusyException.class, instance::memorySize);
        instance.close();
        sandbox.close();
        module.close();
        assertThrows(ClosedException.class, instance::memorySize);
        closed.countDown();
        // The call itself goes on to its end; what asks the instance afterwards finds it closed.
        Exception e = assertThrows(Exception.class, price::get);
        assertEquals(ClosedException.class, e.getCause().getClass());
        other.shutdown();
        assertEquals(before, Fuelbox.liveHandles());
    }

    @Test
    public void aRunInProgressOutlivesItsSandboxAndModule() throws Exception {
        long before = settled();
        WasmModule module = Guests.module("calls");
        Sandbox sandbox = Sandbox.builder(Guests.PATIENT).build();
        CancelToken token = new CancelToken();
        ExecutorService other = Executors.newSingleThreadExecutor();
        CountDownLatch begun = new CountDownLatch(1);
        Future<String> outcome = other.submit(() -> {
            begun.countDown();
            try (Report report = sandbox.run(module, Call.export("endless").cancelToken(token))) {
                return report.outcome();
            }
        });
        begun.await();
        // Either the run has begun, and goes on, or it finds them closed.
        sandbox.close();
        module.close();
        token.cancel();
        token.close();
        try {
            assertEquals("cancelled", outcome.get());
        } catch (java.util.concurrent.ExecutionException e) {
            assertEquals(ClosedException.class, e.getCause().getClass());
        }
        other.shutdown();
        assertEquals(before, Fuelbox.liveHandles());
    }

    @Test
    public void whatIsForgottenIsEnded() {
        long before = settled();
        for (int i = 0; i < 100; i++) {
            Sandbox sandbox = Sandbox.builder()
                    .grantFunction("env", "f", Signature.takes(), (caller, args) -> null)
                    .build();
            sandbox.start(Guests.module("calls"), Call.export("next"));
        }
        assertTrue(Fuelbox.liveHandles() > before);
        assertEquals(before, settled());
    }

    @Test
    public void nullIsRefusedBeforeAnythingHappens() {
        long before = settled();
        SandboxBuilder builder = Sandbox.builder();
        Signature none = Signature.takes();
        HostFunction function = (caller, args) -> null;
        List<ThrowingRunnable> calls = new ArrayList<>(Arrays.asList(
                () -> WasmModule.of((byte[]) null),
                () -> WasmModule.of((ByteBuffer) null),
                () -> WasmModule.builder().name(null),
                () -> WasmModule.builder().limit(null, 1),
                () -> WasmModule.builder().allow(null),
                () -> WasmModule.builder().sha256(null),
                () -> Limits.defaults().with(null, 1),
                () -> Limits.defaults().get(null),
                () -> Limits.defaults().deadline(null),
                () -> Limits.fromJson(null),
                () -> Sandbox.builder(null),
                () -> builder.grantFunction(null, "f", none, function),
                () -> builder.grantFunction("env", null, none, function),
                () -> builder.grantFunction("env", "f", null, function),
                () -> builder.grantFunction("env", "f", none, null),
                () -> builder.grantWaiting("env", "f", null),
                () -> builder.grantWasi(null),
                () -> builder.grantRandom(null),
                () -> builder.grantClock(null),
                () -> builder.clock(null),
                () -> Signature.takes((ValueType) null),
                () -> Call.export(null),
                () -> Call.entry().args((Value) null),
                () -> Call.entry().input((byte[]) null),
                () -> Call.entry().limits(null),
                () -> Call.entry().cancelToken(null)));
        try (WasmModule module = Guests.module("calls");
                Sandbox sandbox = builder.build();
                Instance instance = sandbox.instantiate(module);
                Scheduler scheduler = new Scheduler();
                Wasi wasi = new Wasi();
                Tree tree = new Tree()) {
            calls.addAll(Arrays.asList(
                    () -> sandbox.run(null, new byte[0]),
                    () -> sandbox.run(module, (byte[]) null),
                    () -> sandbox.run(module, (Call) null),
                    () -> sandbox.start(module, null),
                    () -> sandbox.instantiate(null),
                    () -> sandbox.check(module, null),
                    () -> instance.call(null),
                    () -> instance.run((Call) null),
                    () -> instance.readMemory(0, null),
                    () -> instance.writeMemory(0, (byte[]) null),
                    () -> instance.global(null),
                    () -> scheduler.add(null, 1, Priority.LOW),
                    () -> scheduler.turn(null),
                    () -> wasi.args((String) null),
                    () -> wasi.env("A", null),
                    () -> wasi.mount("/", null),
                    () -> tree.file("/a", (byte[]) null),
                    () -> tree.file(null, new byte[0]),
                    () -> tree.read(null)));
            for (int i = 0; i < calls.size(); i++) {
                assertThrows("call " + i, NullPointerException.class, calls.get(i));
            }
        }
        assertEquals(before, Fuelbox.liveHandles());
    }

    /** How many handles there are when nothing forgotten is left. */
    static long settled() {
        long least = Fuelbox.liveHandles();
        for (int quiet = 0; quiet < 20; quiet++) {
            System.gc();
            try {
                Thread.sleep(5);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            long now = Fuelbox.liveHandles();
            if (now < least) {
                least = now;
                quiet = 0;
            }
        }
        return least;
    }
}
