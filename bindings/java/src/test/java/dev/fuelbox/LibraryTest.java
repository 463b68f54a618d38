package dev.fuelbox;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import org.junit.Test;

/** What holds for the whole library. */
public class LibraryTest {
    @Test
    public void saysItsVersion() {
        String manifest = Guests.text(Guests.root().resolve("bindings/c/Cargo.toml"));
        assertTrue(manifest.contains("\nversion = \"" + Fuelbox.version() + "\"\n"));
        assertEquals(1, Fuelbox.protocolVersion());
        try (WasmModule module = Guests.module("calls");
                Sandbox sandbox = Sandbox.builder(Guests.PATIENT).build();
                Report report = sandbox.run(module, Call.export("next"))) {
            assertEquals(Fuelbox.fuelSchedule(), report.usage().fuelSchedule());
        }
    }

    @Test
    public void noMethodHidesWhatKotlinClosesBy() {
        for (Class<?> kind : new Class<?>[] {Handle.class, Report.class, WasmModule.class, Finished.class}) {
            for (java.lang.reflect.Method method : kind.getDeclaredMethods()) {
                assertTrue(kind.getName(), !method.getName().equals("use"));
            }
        }
    }

    @Test
    public void keepsMemoryOfGuestsThatHaveEnded() {
        assertThrows(IllegalArgumentException.class, () -> Fuelbox.keepMemory(-1));
        Fuelbox.keepMemory(64 << 20);
        try (WasmModule module = Guests.module("calls");
                Sandbox sandbox = Sandbox.builder(Guests.PATIENT).build()) {
            sandbox.instantiate(module).close();
            assertTrue(Fuelbox.keptMemory() > 0);
        } finally {
            Fuelbox.keepMemory(0);
        }
        assertEquals(0, Fuelbox.keptMemory());
    }

    @Test
    public void oneHandleTooManyIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> Fuelbox.limitHandles(-1));
        Fuelbox.limitHandles(0);
        try {
            FuelboxException e = assertThrows(FuelboxException.class, Tree::new);
            assertEquals("too-many-handles", e.code());
            // As the C interface says it: what happened, and what to change.
            assertTrue(e.getMessage(), e.getMessage().contains("no more handles can be given out: "));
        } finally {
            Fuelbox.limitHandles(Long.MAX_VALUE);
        }
        new Tree().close();
    }

    @Test
    public void theSelfTestContainsEveryAttack() {
        SelfTest found = SelfTest.run();
        assertTrue(found.toString(), found.isContained());
        assertTrue(found.count() > 100);
        assertTrue(found.json().startsWith("{"));
    }
}
