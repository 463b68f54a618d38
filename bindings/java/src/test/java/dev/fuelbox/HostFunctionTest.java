package dev.fuelbox;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.Test;

/** Lambdas as functions of the host: what they can do, what they cannot, and what becomes of their exceptions. */
public class HostFunctionTest {
    private static final WasmModule VALUES = Guests.module("values");
    private static final Signature CALL = Signature.takes(ValueType.I32, ValueType.I32).returns(ValueType.I32);

    /** A sandbox whose guest calls this. */
    private static Sandbox with(HostFunction function) {
        return Sandbox.builder(Guests.PATIENT.fuel(10_000_000))
                .stubUnknown()
                .grantFunction("host", "call", CALL, function)
                .build();
    }

    private static Report run(HostFunction function, int first, int second) {
        try (Sandbox sandbox = with(function)) {
            return sandbox.run(VALUES, Call.export("call").args(Value.i32(first), Value.i32(second)));
        }
    }

    private static Value[] zero() {
        return Value.results(Value.i32(0));
    }

    @Test
    public void readsAndWritesTheMemory() {
        try (Sandbox sandbox = with((caller, args) -> {
                    ByteBuffer direct = ByteBuffer.allocateDirect(4);
                    caller.read(args[0].i32(), direct);
                    assertEquals('t', direct.get(0));
                    assertEquals("text of", caller.readText(args[0].i32(), args[1].i32()));
                    assertEquals(0, caller.read(65536, 0).length);
                    caller.write(0, Guests.utf8("abc"));
                    ByteBuffer written = ByteBuffer.allocateDirect(3);
                    written.put(Guests.utf8("def")).flip();
                    caller.write(3, written);
                    caller.write(6, ByteBuffer.wrap(Guests.utf8("ghi")));
                    caller.write(9, new byte[0]);
                    assertThrows(IllegalArgumentException.class, () -> caller.read(0, ByteBuffer.allocate(1)));
                    return zero();
                });
                Instance instance = sandbox.instantiate(VALUES)) {
            instance.call("call", Value.i32(16), Value.i32(7));
            assertEquals("abcdefghi", new String(instance.readMemory(0, 9)));
        }
    }

    @Test
    public void whatItThrowsIsTheCause() {
        String message = "no such article";
        Throwable[] all = {
            new IOException(message), new IllegalStateException(message), new AssertionError(message)
        };
        for (Throwable thrown : all) {
            Report report = run(
                    (caller, args) -> {
                        throw HostFunctionTest.<RuntimeException>sneaky(thrown);
                    },
                    0,
                    0);
            assertEquals("host-function", report.outcome());
            assertEquals("host function host.call failed: no such article", report.stop().get().message());
            assertEquals(Blame.HOST, report.stop().get().blame());
            assertSame(thrown, report.thrown().get());
            StoppedException e = assertThrows(StoppedException.class, report::orThrow);
            assertSame(thrown, e.getCause());
            assertSame(thrown, e.report().thrown().get());
        }
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> T sneaky(Throwable thrown) throws T {
        throw (T) thrown;
    }

    @Test
    public void whatItThrowsDuringAStartOrACallIsTheCauseToo() {
        IOException thrown = new IOException();
        try (Sandbox sandbox = with((caller, args) -> {
                    throw thrown;
                });
                WasmModule starts = Guests.module("starts");
                Instance instance = sandbox.instantiate(VALUES)) {
            StoppedException e = assertThrows(StoppedException.class, () -> sandbox.instantiate(starts));
            assertSame(thrown, e.getCause());
            assertSame(thrown, e.report().thrown().get());
            // Without a message its class has to say it.
            assertTrue(e.getMessage(), e.getMessage().endsWith("failed: java.io.IOException"));
            e = assertThrows(StoppedException.class, () -> instance.call("call", Value.i32(0), Value.i32(0)));
            assertSame(thrown, e.getCause());
            assertEquals("finished", sandbox.run(VALUES, Call.export("vector").args(Value.v128(0, 0))).outcome());
        }
    }

    @Test
    public void aStackThatOverflowsIsCaughtToo() {
        Report report = run((caller, args) -> Value.results(Value.i32(deep(0))), 0, 0);
        assertEquals("host-function", report.outcome());
        assertTrue(report.thrown().get() instanceof StackOverflowError);
    }

    private static int deep(int depth) {
        return 1 + deep(depth + 1);
    }

    @Test
    public void rangesOutsideTheMemoryStopTheGuestWithoutAllocating() {
        int[][] ranges = {{65536, 1}, {0, 65537}, {-1, 1}, {0, -1}, {-1, -1}, {0, Integer.MAX_VALUE},
            {16, Integer.MIN_VALUE}};
        for (int[] range : ranges) {
            Report report = run(
                    (caller, args) -> Value.results(Value.i32(caller.read(args[0].i32(), args[1].i32()).length)),
                    range[0],
                    range[1]);
            assertEquals("fault", report.outcome());
            assertEquals(Blame.GUEST, report.stop().get().blame());
            assertTrue(!report.thrown().isPresent());
        }
        Report report = run(
                (caller, args) -> {
                    caller.write(65535, new byte[2]);
                    return zero();
                },
                0,
                0);
        assertEquals("fault", report.outcome());
    }

    @Test
    public void aFunctionThatCatchesAHaltGoesOn() {
        Report report = run(
                (caller, args) -> {
                    HaltException e = assertThrows(HaltException.class, () -> caller.read(65536, 1));
                    assertEquals("fault", e.code());
                    return zero();
                },
                0,
                0);
        assertEquals("finished", report.outcome());
    }

    @Test
    public void chargesFuelAndSeesTheRun() {
        Object tenant = new Object();
        try (Sandbox sandbox = with((caller, args) -> {
                    assertSame(tenant, caller.context());
                    assertEquals(65_536, caller.memorySize());
                    long before = caller.fuelUsed();
                    caller.charge(1000);
                    assertEquals(before + 1000, caller.fuelUsed());
                    assertEquals(10_000_000 - caller.fuelUsed(), caller.fuelLeft());
                    assertTrue(caller.timeLeft().compareTo(Duration.ofMinutes(10)) <= 0);
                    assertTrue(!caller.isCancelled());
                    assertThrows(IllegalArgumentException.class, () -> caller.charge(-1));
                    caller.charge(args[0].i32() == 0 ? 0 : Long.MAX_VALUE);
                    return zero();
                })) {
            Call call = Call.export("call").context(tenant);
            assertEquals("finished", sandbox.run(VALUES, call.args(Value.i32(0), Value.i32(0))).outcome());
            assertEquals("out-of-fuel", sandbox.run(VALUES, call.args(Value.i32(1), Value.i32(0))).outcome());
        }
    }

    @Test
    public void aCallerEndsWithItsCallAndStaysOnItsThread() {
        AtomicReference<Caller> kept = new AtomicReference<>();
        AtomicReference<Throwable> elsewhere = new AtomicReference<>();
        Report report = run(
                (caller, args) -> {
                    kept.set(caller);
                    assertNull(caller.context());
                    Thread thread = new Thread(() -> {
                        try {
                            caller.context();
                        } catch (Throwable e) {
                            elsewhere.set(e);
                        }
                    });
                    thread.start();
                    thread.join();
                    return zero();
                },
                0,
                0);
        assertEquals("finished", report.outcome());
        assertEquals(ClosedException.class, elsewhere.get().getClass());
        assertThrows(ClosedException.class, () -> kept.get().read(0, 1));
        assertThrows(ClosedException.class, () -> kept.get().charge(1));
        assertThrows(ClosedException.class, () -> kept.get().memorySize());
        assertThrows(ClosedException.class, () -> kept.get().context());
    }

    @Test
    public void resultsHaveToBeWhatWasDeclared() {
        Value[][] wrong = {null, {}, {Value.i64(1)}, {null}, {Value.i32(1), Value.i32(2)}};
        for (Value[] results : wrong) {
            Report report = run((caller, args) -> results, 0, 0);
            assertEquals("host-function", report.outcome());
            String message = report.stop().get().message();
            assertEquals("host function host.call failed: host.call has to return [I32]", message);
        }
    }

    @Test
    public void aFunctionMayRunAnotherGuestButNotItsOwn() {
        AtomicReference<Instance> own = new AtomicReference<>();
        try (Sandbox inner = with((caller, args) -> {
                    throw new IOException("inner");
                });
                Sandbox sandbox = with((caller, args) -> {
                    Report report = inner.run(VALUES, Call.export("call").args(args));
                    assertEquals("inner", report.thrown().get().getMessage());
                    assertThrows(BusyException.class, () -> own.get().memorySize());
                    own.get().close();
                    assertEquals(16, caller.read(0, 16).length);
                    return Value.results(Value.i32(caller.fuelUsed() > 0 ? 7 : 0));
                })) {
            own.set(sandbox.instantiate(VALUES));
            Report report = own.get().run(Call.export("call").args(Value.i32(0), Value.i32(0)));
            assertEquals(7, report.values().get(0).i32());
            assertTrue(!report.thrown().isPresent());
            assertTrue(own.get().isClosed());
        }
    }

    @Test
    public void manyCallsOfOneRunLeaveNothingBehind() {
        AtomicInteger count = new AtomicInteger();
        try (Sandbox sandbox = with((caller, args) -> {
                    count.incrementAndGet();
                    return zero();
                })) {
            Report report = sandbox.run(VALUES, Call.export("often").args(Value.i32(20_000)));
            assertEquals("finished", report.outcome());
        }
        assertEquals(20_000, count.get());
    }

    @Test
    public void clocksAndSourcesThatThrowFailTheCall() {
        try (WasmModule draws = Guests.module("draws")) {
            byte[] output = draws(draws, () -> 7, bytes -> java.util.Arrays.fill(bytes, (byte) 9)).output();
            assertEquals("[7, 0, 0, 0, 0, 0, 0, 0, 9, 9, 9, 9, 9, 9, 9, 9]", java.util.Arrays.toString(output));
            Error thrown = new AssertionError("no entropy");
            Exception e = assertThrows(IllegalStateException.class, () -> draws(draws, () -> 7, bytes -> {
                throw thrown;
            }));
            assertSame(thrown, e.getCause());
            e = assertThrows(IllegalStateException.class, () -> draws(draws, () -> {
                throw thrown;
            }, bytes -> {}));
            assertSame(thrown, e.getCause());
        }
    }

    private static Report draws(WasmModule module, HostClock clock, RandomSource source) {
        try (Sandbox sandbox = Sandbox.builder(Guests.PATIENT)
                .grantOutput()
                .grantClock(clock)
                .grantRandom(source)
                .build()) {
            return sandbox.run(module, new byte[0]);
        }
    }

    @Test
    public void deadlinesGoByAClockOfTheHost() {
        AtomicInteger ticks = new AtomicInteger();
        try (Sandbox sandbox = Sandbox.builder(Limits.defaults().deadline(Duration.ofSeconds(5)))
                        .clock(() -> ticks.incrementAndGet() * 1_000_000_000L)
                        .build();
                WasmModule calls = Guests.module("calls")) {
            assertEquals("deadline", sandbox.run(calls, Call.export("endless")).outcome());
        }
        assertTrue(ticks.get() >= 5);
    }
}
