package dev.fuelbox;

import static dev.fuelbox.ValueType.I32;
import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.function.ThrowingRunnable;

/** What a program that runs untrusted modules has to be able to rely on: one test for each point. */
public class AcceptanceTest {
    private long before;

    @Before
    public void count() {
        before = HandlesTest.settled();
    }

    @After
    public void nothingIsLeft() {
        assertEquals(before, HandlesTest.settled());
    }

    @Test
    public void theHashIsCheckedBeforeAnythingIsParsed() {
        // No module at all. Had it been parsed, the code would be `invalid-module`.
        byte[] bytes = {1, 2, 3};
        assertEquals("hash", RunTest.code(() -> WasmModule.builder().sha256(new byte[32]).build(bytes)));
        assertEquals("invalid-module", RunTest.code(() -> WasmModule.of(bytes)));
        assertThrows(IllegalArgumentException.class, () -> WasmModule.builder().sha256(new byte[31]));
    }

    @Test
    public void everyLimitIsBoundedUnlessUnlimitedIsWritten() {
        String unlimited = Long.toUnsignedString(-1);
        assertFalse(Limits.defaults().json(), Limits.defaults().json().contains(unlimited));
        assertTrue(Limits.defaults().fuel(Limits.UNLIMITED).json().contains(unlimited));
        assertThrows(IllegalArgumentException.class, () -> Limits.defaults().memoryBytes(-2));
        assertThrows(IllegalArgumentException.class, () -> Limits.fromJson("{\"call\": {\"fuel\": -1}}"));
        assertThrows(IllegalArgumentException.class, () -> Limits.fromJson("{\"call\": {\"fuel\": null}}"));
        // What is written as zero is zero.
        assertEquals("out-of-fuel", endless(Guests.PATIENT.fuel(0)));
        assertEquals("deadline", endless(Limits.defaults().deadline(Duration.ZERO)));
    }

    private static String endless(Limits limits) {
        try (WasmModule module = Guests.module("calls");
                Sandbox sandbox = Sandbox.builder(limits).build();
                Report report = sandbox.run(module, Call.export("endless"))) {
            return report.outcome();
        }
    }

    @Test
    public void anImportThatNothingOffersIsRefusedBeforeAnyCodeRuns() {
        AtomicLong calls = new AtomicLong();
        Signature shout = Signature.takes(I32, I32).returns(I32);
        try (WasmModule module = Guests.module("host");
                Sandbox sandbox = Sandbox.builder(Guests.PATIENT)
                        .grantFunction("env", "shout", shout, (caller, args) -> {
                            calls.incrementAndGet();
                            return Value.results(Value.i32(0));
                        })
                        .build()) {
            Call call = Call.export("shout");
            List<ThrowingRunnable> ways = Arrays.asList(
                    () -> sandbox.instantiate(module),
                    () -> sandbox.run(module, call),
                    () -> sandbox.start(module, call));
            for (ThrowingRunnable way : ways) {
                assertEquals("import-unknown", RunTest.code(way));
            }
            assertTrue(sandbox.check(module, call).contains("\"import-unknown\""));
        }
        assertEquals(0, calls.get());
    }

    @Test
    public void anOutputIsWholeOrNothingOfItIsWritten() {
        try (WasmModule module = Guests.module("upper");
                Sandbox sandbox = Sandbox.builder(Guests.PATIENT).grantProtocol().build()) {
            for (int length : new int[] {0, 1, 255, 256, 257, 511, 512, 513, 1 << 20}) {
                byte[] input = new byte[length];
                byte[] expected = new byte[length];
                Arrays.fill(input, (byte) 'a');
                Arrays.fill(expected, (byte) 'A');
                try (Report report = sandbox.run(module, input)) {
                    assertArrayEquals(expected, report.output());
                    ByteBuffer exact = ByteBuffer.allocateDirect(length);
                    report.output(exact);
                    assertEquals(length, exact.position());
                    if (length > 0) {
                        ByteBuffer small = ByteBuffer.allocateDirect(length - 1);
                        assertThrows(BufferOverflowException.class, () -> report.output(small));
                        assertEquals(0, small.position());
                        assertTrue(length == 1 || small.get(0) == 0);
                    }
                }
            }
        }
    }

    @Test
    public void useAfterTheEndIsAnException() {
        try (WasmModule module = Guests.module("calls");
                Sandbox sandbox = Sandbox.builder(Guests.PATIENT).build()) {
            Execution execution = sandbox.start(module, Call.export("next"));
            Instance instance = execution.finish().instance().get();
            Execution again = instance.start(Call.export("next"));
            assertThrows(ClosedException.class, () -> execution.step(1));
            assertThrows(ClosedException.class, execution::finish);
            assertThrows(ClosedException.class, () -> instance.call("next"));
            assertThrows(ClosedException.class, () -> instance.readMemory(0, 1));
            try (Scheduler scheduler = new Scheduler()) {
                scheduler.add(again, 1, Priority.NORMAL);
                assertThrows(ClosedException.class, again::output);
            }
        }
    }

    @Test
    public void useByTwoThreadsAtOnceIsAnException() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch tried = new CountDownLatch(1);
        ExecutorService other = Executors.newSingleThreadExecutor();
        try (WasmModule module = Guests.module("host");
                Sandbox sandbox = Sandbox.builder(Guests.PATIENT)
                        .stubUnknown()
                        .grantFunction("env", "price", Guests.PRICE, (caller, args) -> {
                            inside.countDown();
                            tried.await();
                            return Value.results(Value.i64(7));
                        })
                        .build();
                Instance instance = sandbox.instantiate(module)) {
            Future<Long> price = other.submit(() -> instance.call("price", Value.i32(1)).get(0).i64());
            inside.await();
            assertThrows(BusyException.class, () -> instance.call("price", Value.i32(1)));
            assertThrows(BusyException.class, () -> instance.readMemory(0, 1));
            tried.countDown();
            assertEquals(7L, (long) price.get());
            // It was only in use: afterwards it works again.
            assertEquals("hello", new String(instance.readMemory(8, 5)));
        } finally {
            other.shutdown();
        }
    }

    @Test
    public void textThatIsNoUtf8IsRefusedFromTheHostAndReplacedFromTheGuest() {
        for (String half : new String[] {"\ud800", "a\udc00"}) {
            assertThrows(IllegalArgumentException.class, () -> Call.export(half));
            assertThrows(IllegalArgumentException.class, () -> WasmModule.builder().name(half));
            assertThrows(IllegalArgumentException.class, () -> Limits.defaults().with(half, 1));
        }
        // (import "\ff" "f" (func))
        byte[] named = {
            0, 'a', 's', 'm', 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 2, 7, 1, 1, (byte) 0xff, 1, 'f', 0, 0,
        };
        assertEquals("invalid-module", RunTest.code(() -> WasmModule.of(named)));
        try (WasmModule module = Guests.module("log_terminal");
                Sandbox sandbox = Sandbox.builder(Guests.PATIENT).grantLog().build();
                Report report = sandbox.run(module, new byte[0])) {
            assertTrue(report.log().get(0).text().endsWith("e\ufffdf"));
        }
    }

    @Test
    public void everyTrapAndEveryLimitIsACode() {
        Map<String, String> ends = new LinkedHashMap<>();
        ends.put("unreachable", "trap-unreachable");
        ends.put("load_out_of_bounds", "trap-memory-out-of-bounds");
        ends.put("table_get_outside", "trap-table-out-of-bounds");
        ends.put("call_null", "trap-indirect-call-to-null");
        ends.put("call_mistyped", "trap-bad-signature");
        ends.put("divide_by_zero", "trap-integer-division-by-zero");
        ends.put("divide_minimum", "trap-integer-overflow");
        ends.put("recursion", "trap-stack-overflow");
        ends.put("grow_to_4_gib", "out-of-memory");
        ends.put("table_grow_huge", "out-of-table");
        ends.put("output_flood", "output-too-large");
        ends.put("loop_in_entry", "out-of-fuel");
        try (Sandbox sandbox = Sandbox.builder(Guests.PATIENT.fuel(100_000_000).outputBytes(1_000))
                .grantProtocol()
                .build()) {
            ends.forEach((name, end) -> {
                try (WasmModule module = Guests.module(name);
                        Report report = sandbox.run(module, new byte[0])) {
                    assertEquals(name, end, report.outcome());
                    assertEquals(name, end, report.stop().get().code());
                }
            });
        }
    }

    @Test
    public void anEndlessLoopEndsAtItsDeadlineAndLeavesNoGuestCodeAlive() throws Exception {
        AtomicLong calls = new AtomicLong();
        try (WasmModule module = Guests.module("host_calls");
                Sandbox sandbox = counting(calls, Limits.defaults().deadline(Duration.ofMillis(20)));
                Report report = sandbox.run(module, new byte[0])) {
            assertEquals("deadline", report.outcome());
            isOver(calls, report);
        }
    }

    @Test
    public void anEndlessLoopEndsByItsTokenAndLeavesNoGuestCodeAlive() throws Exception {
        AtomicLong calls = new AtomicLong();
        ExecutorService other = Executors.newSingleThreadExecutor();
        try (WasmModule module = Guests.module("host_calls");
                Sandbox sandbox = counting(calls, Guests.PATIENT);
                CancelToken token = new CancelToken()) {
            Future<Report> run = other.submit(() -> sandbox.run(module, Call.entry().cancelToken(token)));
            while (calls.get() == 0) {
                Thread.yield();
            }
            token.cancel();
            try (Report report = run.get()) {
                assertEquals("cancelled", report.outcome());
                isOver(calls, report);
            }
        } finally {
            other.shutdown();
        }
    }

    private static Sandbox counting(AtomicLong calls, Limits limits) {
        return Sandbox.builder(limits)
                .grantFunction("host", "nop", Signature.takes(), (caller, args) -> {
                    calls.incrementAndGet();
                    return null;
                })
                .build();
    }

    /** No call came that the report does not count, and none comes afterwards. */
    private static void isOver(AtomicLong calls, Report report) throws InterruptedException {
        assertTrue(calls.get() > 0);
        assertEquals(report.usage().hostCalls(), calls.get());
        Thread.sleep(20);
        assertEquals(report.usage().hostCalls(), calls.get());
    }

    @Test
    public void aMemoryBombEndsAtItsLimitAndLeavesNothing() {
        Limits limits = Guests.PATIENT.memoryBytes(1 << 20);
        Fuelbox.keepMemory(0);
        try (WasmModule module = Guests.module("grows");
                Sandbox stops = Sandbox.builder(limits).build();
                Sandbox refuses = Sandbox.builder(limits.growthDenial(GrowthDenial.REFUSE)).build();
                Report stopped = stops.run(module, Call.export("memory_bomb"));
                Report refused = refuses.run(module, Call.export("memory_bomb"))) {
            assertEquals("out-of-memory", stopped.outcome());
            assertEquals(1 << 20, stopped.usage().peakMemoryBytes());
            assertEquals("finished", refused.outcome());
            assertEquals(1 << 20, refused.usage().peakMemoryBytes());
        }
        assertEquals(0, Fuelbox.keptMemory());
    }
}
