package dev.fuelbox;

import static org.junit.Assert.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.Test;

/** One module and one sandbox for many threads, and handles that are closed while others use them. */
public class ThreadsTest {
    private static final int THREADS = 16;

    @Test
    public void oneModuleServesManyThreads() throws Exception {
        long before = HandlesTest.settled();
        AtomicLong called = new AtomicLong();
        try (WasmModule module = Guests.module("host");
                Sandbox sandbox = Sandbox.builder(Guests.PATIENT)
                        .stubUnknown()
                        .grantFunction("env", "price", Guests.PRICE, (caller, args) -> {
                            called.incrementAndGet();
                            if (args[0].i32() % 10 == 9) {
                                throw new IllegalStateException("no article " + args[0].i32());
                            }
                            return Value.results(Value.i64(args[0].i32() * 100L));
                        })
                        .build()) {
            inAll(thread -> {
                for (int i = 0; i < 50; i++) {
                    int article = thread * 1_000 + i;
                    try (Report report = sandbox.run(module, Call.export("price").args(Value.i32(article)))) {
                        if (article % 10 == 9) {
                            assertEquals("no article " + article, report.thrown().get().getMessage());
                        } else {
                            assertEquals(article * 100L, report.values().get(0).i64());
                        }
                    }
                }
            });
        }
        assertEquals(THREADS * 50, called.get());
        assertEquals(before, Fuelbox.liveHandles());
    }

    @Test
    public void handlesAreClosedWhileOthersUseThem() throws Exception {
        long before = HandlesTest.settled();
        AtomicInteger used = new AtomicInteger();
        for (int round = 0; round < 100; round++) {
            WasmModule module = Guests.module("calls");
            Sandbox sandbox = Sandbox.builder(Guests.PATIENT).build();
            Instance instance = sandbox.instantiate(module);
            inAll(thread -> {
                try {
                    switch (ThreadLocalRandom.current().nextInt(5)) {
                        case 0:
                            instance.call("next");
                            break;
                        case 1:
                            instance.start(Call.export("next")).finish().close();
                            break;
                        case 2:
                            sandbox.run(module, Call.export("next")).close();
                            break;
                        case 3:
                            instance.close();
                            break;
                        default:
                            sandbox.close();
                            module.close();
                    }
                    used.incrementAndGet();
                } catch (ClosedException | BusyException e) {
                    // Which of them comes first is for the machine to say.
                }
            });
            instance.close();
            sandbox.close();
            module.close();
        }
        assertEquals(true, used.get() >= 100);
        assertEquals(before, HandlesTest.settled());
    }

    private interface Work {
        void run(int thread) throws Exception;
    }

    private static void inAll(Work work) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        List<Callable<Void>> all = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            int thread = i;
            all.add(() -> {
                work.run(thread);
                return null;
            });
        }
        try {
            for (Future<Void> one : threads.invokeAll(all)) {
                one.get();
            }
        } finally {
            threads.shutdown();
        }
    }
}
