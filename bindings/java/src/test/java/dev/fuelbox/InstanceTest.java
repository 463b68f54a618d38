package dev.fuelbox;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.nio.ByteBuffer;
import org.junit.Test;

/** Guests that live: state, memory, globals, snapshots, and their ends. */
public class InstanceTest {
    private static final WasmModule CALLS = WasmModule.builder().snapshots().build(Guests.wasm("calls"));
    private static final Sandbox SANDBOX = Sandbox.builder(Guests.PATIENT).build();

    @Test
    public void stateLastsFromCallToCall() {
        try (Instance instance = SANDBOX.instantiate(CALLS)) {
            assertEquals(1, instance.call("next").get(0).i32());
            assertEquals(2, instance.call("next").get(0).i32());
            assertEquals(Value.i32(2), instance.global("count").get());
            assertFalse(instance.global("none").isPresent());
            assertEquals(42, instance.call("add", Value.i32(40), Value.i32(2)).get(0).i32());
            assertEquals(CALLS.fingerprint(), instance.module().fingerprint());
            assertEquals("finished", instance.initialization().get().outcome());
            assertEquals("export-missing", RunTest.code(() -> instance.call("former")));
            assertEquals("export-type", RunTest.code(() -> instance.call("add", Value.i32(1))));
            assertEquals("export-type", RunTest.code(() -> instance.call("add", Value.i32(1), Value.i64(1))));
            assertTrue(instance.isAlive());
        }
    }

    @Test
    public void anInstanceOfOneCallWasInitializedInThat() {
        Execution execution = SANDBOX.start(CALLS, Call.export("next"));
        try (Finished finished = execution.finish()) {
            assertFalse(finished.instance().get().initialization().isPresent());
        }
    }

    @Test
    public void memoryIsReadAndWrittenWithinItsBounds() {
        try (Instance instance = SANDBOX.instantiate(CALLS)) {
            assertEquals(65536, instance.memorySize());
            assertEquals("guest", new String(instance.readMemory(16, 5)));
            instance.writeMemory(65533, new byte[] {1, 2, 3});
            ByteBuffer direct = ByteBuffer.allocateDirect(3);
            instance.readMemory(65533, direct);
            assertEquals(3, direct.get(2));
            ByteBuffer heap = ByteBuffer.allocate(5);
            heap.position(2);
            instance.readMemory(65533, heap);
            assertArrayEquals(new byte[] {0, 0, 1, 2, 3}, heap.array());
            direct.put(0, (byte) 9);
            instance.writeMemory(0, direct);
            assertArrayEquals(new byte[] {9, 2, 3}, instance.readMemory(0, 3));
            assertEquals(0, instance.readMemory(65536, 0).length);
            assertThrows(IndexOutOfBoundsException.class, () -> instance.readMemory(65534, 3));
            assertThrows(IndexOutOfBoundsException.class, () -> instance.readMemory(0, Integer.MAX_VALUE));
            assertThrows(IndexOutOfBoundsException.class, () -> instance.readMemory(Long.MAX_VALUE, 2));
            assertThrows(IndexOutOfBoundsException.class, () -> instance.readMemory(-1, 1));
            assertThrows(IndexOutOfBoundsException.class, () -> instance.readMemory(0, -1));
            assertThrows(IndexOutOfBoundsException.class, () -> instance.readMemory(65534, direct));
            assertThrows(IndexOutOfBoundsException.class, () -> instance.writeMemory(65534, new byte[3]));
            assertThrows(IndexOutOfBoundsException.class, () -> instance.writeMemory(-1, direct));
            assertThrows(
                    IllegalArgumentException.class, () -> instance.readMemory(0, direct.asReadOnlyBuffer()));
        }
    }

    @Test
    public void aCallThatIsStoppedEndsTheInstance() {
        try (Instance instance = SANDBOX.instantiate(CALLS)) {
            StoppedException e = assertThrows(StoppedException.class, () -> instance.call("trap"));
            assertEquals("trap-unreachable", e.code());
            assertEquals("trap-unreachable", e.report().outcome());
            assertFalse(instance.isAlive());
            FuelboxException later = assertThrows(FuelboxException.class, () -> instance.call("next"));
            assertEquals("instance-stopped", later.code());
            assertEquals("new-instance", later.reason().adviceCode().get());
        }
    }

    @Test
    public void aGuestThatExitsReturnsNothing() {
        try (WasmModule exits = Guests.module("exits");
                Wasi wasi = new Wasi();
                Sandbox sandbox = Sandbox.builder(Guests.PATIENT).grantWasi(wasi).build();
                Instance instance = sandbox.instantiate(exits)) {
            assertEquals(1, instance.call("returns").get(0).i32());
            assertEquals("exited", RunTest.code(() -> instance.call("exits", Value.i32(0))));
            assertEquals("instance-exited", RunTest.code(() -> instance.call("returns")));
        }
    }

    @Test
    public void aSnapshotGoesOnFromWhereItWasMade() {
        try (Instance instance = SANDBOX.instantiate(CALLS)) {
            instance.call("next");
            byte[] stored = instance.snapshot().wasm().get();
            instance.call("next");
            try (Instance other = SANDBOX.instantiate(WasmModule.of(stored))) {
                assertEquals(2, other.call("next").get(0).i32());
            }
            assertEquals(3, instance.call("next").get(0).i32());
        }
        try (Instance instance = SANDBOX.instantiate(Guests.module("calls"))) {
            assertEquals("snapshot-not-built", RunTest.code(instance::snapshot));
        }
    }

    @Test
    public void whatIsRecordedGrowsWithEachCall() {
        try (Sandbox records = Sandbox.builder(Guests.PATIENT).record(1 << 20).build();
                Instance silent = SANDBOX.instantiate(CALLS);
                Instance instance = records.instantiate(CALLS)) {
            assertFalse(silent.recording().isPresent());
            byte[] before = instance.recording().get();
            try (Finished finished = instance.start(Call.export("next")).finish()) {
                assertTrue(before.length > 0 && finished.recording().get().length > before.length);
            }
            try (Finished finished = silent.start(Call.export("next")).finish()) {
                assertFalse(finished.recording().isPresent());
            }
        }
        assertThrows(IllegalArgumentException.class, () -> Sandbox.builder().record(-1));
    }

    @Test
    public void aPoolHandsOutInstancesMadeAhead() {
        try (Pool pool = SANDBOX.pool(CALLS, 1)) {
            assertEquals(0, pool.ready());
            assertTrue(pool.refillOne());
            assertFalse(pool.refillOne());
            assertEquals(1, pool.ready());
            try (Instance first = pool.take();
                    Instance second = pool.take()) {
                assertEquals(1, first.call("next").get(0).i32());
                assertEquals(1, second.call("next").get(0).i32());
            }
            pool.refill();
            assertEquals(1, pool.ready());
            assertThrows(IllegalArgumentException.class, () -> SANDBOX.pool(CALLS, -1));
        }
    }
}
