package dev.fuelbox;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.Test;

/** Calls in progress: steps, cancels, questions that the host answers later. */
public class ExecutionTest {
    private static final WasmModule CALLS = Guests.module("calls");
    private static final WasmModule ASKS = Guests.module("asks");
    private static final WasmModule VALUES = Guests.module("values");
    private static final Signature CALL = Signature.takes(ValueType.I32, ValueType.I32).returns(ValueType.I32);
    private static final Signature PRICE = Signature.takes(ValueType.I32, ValueType.I32).returns(ValueType.I64);
    private static final Sandbox SANDBOX = Sandbox.builder(Guests.PATIENT)
            .grantWaiting("shop", "price", PRICE)
            .build();

    @Test
    public void stepsByFuelAreTheSameEachTime() {
        long[] used = new long[2];
        for (int i = 0; i < 2; i++) {
            try (Execution execution = SANDBOX.start(CALLS, Call.export("endless"))) {
                assertEquals(Step.PAUSED, execution.step(10_000));
                used[i] = execution.usage().fuel();
                assertFalse(execution.isOver());
                assertFalse(execution.wakeAt().isPresent());
                assertEquals(Step.PAUSED, execution.step(Duration.ofNanos(100_000)));
                assertEquals(Step.PAUSED, execution.step(1_000, Duration.ofSeconds(1)));
                assertThrows(IllegalArgumentException.class, () -> execution.step(-2));
                assertEquals(0, execution.output().length + execution.stderr().length);
            }
        }
        assertEquals(used[0], used[1]);
        assertTrue(used[0] > 9_000 && used[0] < 11_000);
    }

    @Test
    public void anInstanceGoesIntoACallAndComesBack() {
        Instance instance = SANDBOX.instantiate(CALLS);
        assertEquals("export-missing", RunTest.code(() -> instance.start(Call.export("former"))));
        assertFalse(instance.isClosed());
        Execution execution = instance.start(Call.export("next"));
        assertTrue(instance.isClosed());
        assertThrows(ClosedException.class, instance::memorySize);
        instance.close();
        assertEquals(Step.DONE, execution.step(Limits.UNLIMITED));
        assertTrue(execution.isOver());
        try (Finished finished = execution.finish()) {
            assertTrue(execution.isClosed());
            assertEquals(1, finished.report().values().get(0).i32());
            assertEquals(2, finished.instance().get().call("next").get(0).i32());
        }
    }

    @Test
    public void anotherThreadCancels() throws Exception {
        Execution execution = SANDBOX.start(CALLS, Call.export("endless"));
        CancelToken token = execution.cancelToken();
        ExecutorService other = Executors.newSingleThreadExecutor();
        Future<Finished> finish = other.submit(execution::finish);
        assertFalse(token.isCancelled());
        token.cancel();
        try (Finished finished = finish.get()) {
            assertEquals("cancelled", finished.report().outcome());
            assertTrue(finished.report().stop().get().isTransient());
            assertFalse(finished.instance().isPresent());
        }
        assertTrue(token.isCancelled());
        other.shutdown();
    }

    @Test
    public void questionsAreAnsweredLater() {
        Execution execution = SANDBOX.start(ASKS, Call.export("twice"));
        assertThrows(IllegalStateException.class, execution::request);
        assertThrows(IllegalStateException.class, () -> execution.answer(Value.i64(1)));
        assertEquals(Step.WAITS_HOST, execution.step(Duration.ofSeconds(1)));
        Request request = execution.request();
        assertEquals("shop", request.module());
        assertEquals("price", request.name());
        assertEquals(65_536, request.memorySize());
        byte[] name = request.read(request.args().get(0).i32(), request.args().get(1).i32());
        assertEquals("apple", new String(name));
        request.write(8, Guests.utf8("APPLE"));
        request.write(8, ByteBuffer.allocateDirect(1));
        request.charge(100);
        assertThrows(IllegalArgumentException.class, () -> request.charge(-1));
        assertThrows(IllegalArgumentException.class, request::halt);
        assertEquals("answer-types", RunTest.code(() -> execution.answer(Value.i32(21))));
        assertEquals("answer-types", RunTest.code(() -> execution.answer()));
        execution.answer(Value.i64(21));
        try (Finished finished = execution.finish()) {
            assertEquals(42, finished.report().values().get(0).i64());
        }
        assertThrows(ClosedException.class, () -> request.read(0, 1));
    }

    @Test
    public void questionsThatCannotBeAnsweredEndTheCall() {
        Execution execution = SANDBOX.start(ASKS, Call.export("twice"));
        execution.step(Limits.UNLIMITED);
        execution.fail("the shop is closed");
        try (Finished finished = execution.finish()) {
            assertEquals("host-function", finished.report().outcome());
            assertTrue(finished.report().stop().get().message().endsWith("the shop is closed"));
        }
        Execution outside = SANDBOX.start(ASKS, Call.export("outside"));
        outside.step(Limits.UNLIMITED);
        Request request = outside.request();
        for (int[] range : new int[][] {{65535, 2}, {0, -1}, {-1, Integer.MAX_VALUE}}) {
            assertEquals("fault", RunTest.code(() -> request.read(range[0], range[1])));
        }
        request.halt();
        try (Finished finished = outside.finish()) {
            assertEquals("fault", finished.report().outcome());
        }
        assertEquals("unanswered", SANDBOX.run(ASKS, Call.export("twice")).outcome());
    }

    @Test
    public void whatAHostFunctionThrowsInAStepIsInTheReport() {
        IllegalStateException thrown = new IllegalStateException("closed");
        Object tenant = new Object();
        try (Sandbox sandbox = Sandbox.builder(Guests.PATIENT)
                .stubUnknown()
                .grantFunction("host", "call", CALL, (caller, args) -> {
                    assertSame(tenant, caller.context());
                    throw thrown;
                })
                .build()) {
            Call call = Call.export("call").args(Value.i32(0), Value.i32(0)).context(tenant);
            Execution execution = sandbox.start(VALUES, call);
            assertEquals(Step.DONE, execution.step(Limits.UNLIMITED));
            try (Finished finished = execution.finish()) {
                assertSame(thrown, finished.report().thrown().get());
            }
        }
    }

    @Test
    public void eachExecutionOfASchedulerHasItsOwnContextAndCause() {
        try (Sandbox sandbox = Sandbox.builder(Guests.PATIENT)
                        .stubUnknown()
                        .grantFunction("host", "call", CALL, (caller, args) -> {
                            throw new IllegalStateException("for " + caller.context());
                        })
                        .build();
                Scheduler scheduler = new Scheduler()) {
            Call call = Call.export("call").args(Value.i32(0), Value.i32(0));
            long[] ids = new long[3];
            for (int i = 0; i < 3; i++) {
                ids[i] = scheduler.add(sandbox.start(VALUES, call.context(i)), 1, Priority.NORMAL);
            }
            scheduler.round(1_000_000);
            for (int i = 0; i < 3; i++) {
                try (Scheduler.Over over = scheduler.finished().get()) {
                    Throwable thrown = over.finished().report().thrown().get();
                    assertEquals("for " + Arrays.binarySearch(ids, over.id()), thrown.getMessage());
                }
            }
        }
    }

    @Test
    public void closingEndsAGuestWhereverItIs() throws Exception {
        long before = HandlesTest.settled();
        CountDownLatch inside = new CountDownLatch(1);
        Sandbox sandbox = Sandbox.builder(Guests.PATIENT)
                .stubUnknown()
                .grantFunction("host", "call", CALL, (caller, args) -> {
                    inside.countDown();
                    return Value.results(Value.i32(0));
                })
                .build();
        Execution execution = sandbox.start(VALUES, Call.export("often").args(Value.i32(Integer.MAX_VALUE)));
        sandbox.close();
        CancelToken token = execution.cancelToken();
        ExecutorService other = Executors.newSingleThreadExecutor();
        Future<Step> step = other.submit(() -> execution.step(Duration.ofMinutes(5)));
        inside.await();
        assertThrows(BusyException.class, () -> execution.step(1));
        execution.close();
        assertThrows(ClosedException.class, () -> execution.step(1));
        token.cancel();
        assertEquals(Step.DONE, step.get());
        token.close();
        other.shutdown();
        assertEquals(before, Fuelbox.liveHandles());
    }

    @Test
    public void aSchedulerGoesByAClockOfTheHost() {
        Limits limits = Guests.PATIENT.waiting(Duration.ofSeconds(5));
        AtomicInteger asked = new AtomicInteger();
        HostClock clock = () -> {
            asked.incrementAndGet();
            return 7;
        };
        try (Sandbox sandbox = Sandbox.builder(limits)
                        .clock(() -> 7)
                        .grantWaiting("shop", "price", PRICE)
                        .build();
                Scheduler scheduler = new Scheduler(clock)) {
            scheduler.add(sandbox.start(ASKS, Call.export("twice")), 1, Priority.NORMAL);
            // For its host, but not for ever.
            assertEquals(Step.WAITS_TIME, scheduler.turn(Duration.ofMillis(1)));
            assertEquals(5_000_000_007L, scheduler.wakeAt().getAsLong());
            assertTrue(asked.get() > 0);
        }
        assertThrows(NullPointerException.class, () -> new Scheduler(null));
    }

    @Test
    public void aSchedulerRunsManyInFairRounds() {
        try (Scheduler scheduler = new Scheduler()) {
            long[] ids = new long[3];
            for (int i = 0; i < 3; i++) {
                Execution execution = SANDBOX.start(CALLS, Call.export("add").args(Value.i32(i), Value.i32(10)));
                ids[i] = scheduler.add(execution, i + 1, Priority.NORMAL);
                assertTrue(execution.isClosed());
            }
            long endless = scheduler.add(SANDBOX.start(CALLS, Call.export("endless")), 1, Priority.LOW);
            long asking = scheduler.add(SANDBOX.start(ASKS, Call.export("twice")), 1, Priority.HIGH);
            assertEquals(5, scheduler.count());
            scheduler.round(1_000_000);
            assertEquals(Step.PAUSED, scheduler.turn(Duration.ofMillis(1)));
            assertEquals(asking, scheduler.asking().getAsLong());
            assertFalse(scheduler.asking().isPresent());
            assertTrue(scheduler.share(ids[0], 7, Priority.HIGH));
            assertFalse(scheduler.share(endless + 100, 1, Priority.LOW));
            assertThrows(IllegalArgumentException.class, () -> scheduler.share(ids[0], 0, Priority.LOW));
            Execution asked = scheduler.remove(asking).get();
            asked.answer(Value.i64(4));
            long again = scheduler.add(asked, 1, Priority.HIGH);
            scheduler.wake(again);
            assertTrue(scheduler.cancel(endless));
            assertFalse(scheduler.cancel(asking));
            assertFalse(scheduler.remove(asking).isPresent());
            while (scheduler.turn(Duration.ofMillis(1)) != Step.DONE) {
                continue;
            }
            for (int seen = 0; seen < 5; seen++) {
                try (Scheduler.Over over = scheduler.finished().get()) {
                    Report report = over.finished().report();
                    if (over.id() == endless) {
                        assertEquals("cancelled", report.outcome());
                    } else if (over.id() == again) {
                        assertEquals(8, report.values().get(0).i64());
                    } else {
                        int i = over.id() == ids[0] ? 0 : over.id() == ids[1] ? 1 : 2;
                        assertEquals(ids[i], over.id());
                        assertEquals(i + 10, report.values().get(0).i32());
                    }
                }
            }
            assertFalse(scheduler.finished().isPresent());
            assertThrows(
                    IllegalArgumentException.class,
                    () -> scheduler.add(SANDBOX.start(CALLS, Call.export("next")), 0, Priority.LOW));
        }
    }
}
