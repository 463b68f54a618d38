package dev.fuelbox;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.Test;

/** Each limit is set by its name and by its method, and none is left unlimited by omission. */
public class LimitsTest {
    private static final Limits DEFAULTS = Limits.defaults();

    private static Map<String, Limits> sevenByMethod() {
        Map<String, Limits> limits = new LinkedHashMap<>();
        limits.put("fuel", DEFAULTS.fuel(7));
        limits.put("deadline", DEFAULTS.deadline(Duration.ofNanos(7)));
        limits.put("wait", DEFAULTS.waiting(Duration.ofNanos(7)));
        limits.put("memory_bytes", DEFAULTS.memoryBytes(7));
        limits.put("table_elements", DEFAULTS.tableElements(7));
        limits.put("input_bytes", DEFAULTS.inputBytes(7));
        limits.put("output_bytes", DEFAULTS.outputBytes(7));
        limits.put("stderr_bytes", DEFAULTS.stderrBytes(7));
        limits.put("log_bytes", DEFAULTS.logBytes(7));
        limits.put("log_lines", DEFAULTS.logLines(7));
        limits.put("log_line_bytes", DEFAULTS.logLineBytes(7));
        return limits;
    }

    @Test
    public void everyLimitIsSetByNameAndByMethod() {
        sevenByMethod().forEach((name, limits) -> {
            assertEquals(name, 7, limits.get(name));
            assertEquals(name, DEFAULTS.with(name, 7), limits);
            assertNotEquals(name, 7, DEFAULTS.get(name));
            assertNotEquals(name, Limits.UNLIMITED, DEFAULTS.get(name));
        });
        assertEquals(1, DEFAULTS.waitingCounts(true).get("wait_counts"));
        assertEquals(0, DEFAULTS.waitingCounts(false).get("wait_counts"));
        assertEquals(1, DEFAULTS.growthDenial(GrowthDenial.REFUSE).get("growth_denial"));
        assertEquals(0, DEFAULTS.growthDenial(GrowthDenial.STOP).get("growth_denial"));
    }

    @Test
    public void theLibraryHasNoLimitThatIsMissingHere() {
        Map<?, ?> all = (Map<?, ?>) Json.read(DEFAULTS.json());
        List<Object> names = new ArrayList<>(((Map<?, ?>) all.get("call")).keySet());
        names.addAll(((Map<?, ?>) all.get("instance")).keySet());
        names.removeAll(sevenByMethod().keySet());
        names.remove("wait_counts");
        names.remove("growth_denial");
        assertTrue(names.toString(), names.isEmpty());
    }

    @Test
    public void unlimitedIsOnlyEverWritten() {
        assertEquals(Limits.UNLIMITED, DEFAULTS.fuel(Limits.UNLIMITED).get("fuel"));
        assertThrows(IllegalArgumentException.class, () -> DEFAULTS.fuel(-2));
        assertThrows(IllegalArgumentException.class, () -> DEFAULTS.fuel(Long.MIN_VALUE));
        assertThrows(IllegalArgumentException.class, () -> DEFAULTS.deadline(Duration.ofNanos(-1)));
        assertEquals(Long.MAX_VALUE, DEFAULTS.deadline(Duration.ofSeconds(Long.MAX_VALUE)).get("deadline"));
    }

    @Test
    public void namesAndNumbersThatAreNoneAreRefusedAtOnce() {
        Exception e = assertThrows(IllegalArgumentException.class, () -> DEFAULTS.with("memory", 1));
        assertTrue(e.getMessage(), e.getMessage().startsWith("memory: "));
        assertThrows(IllegalArgumentException.class, () -> DEFAULTS.get("memory"));
        assertThrows(IllegalArgumentException.class, () -> DEFAULTS.with("growth_denial", 2));
        assertThrows(IllegalArgumentException.class, () -> WasmModule.builder().limit("depth", 1));
        assertThrows(IllegalArgumentException.class, () -> WasmModule.builder().allow("tail calls"));
        assertThrows(IllegalArgumentException.class, () -> DEFAULTS.with("\ud800", 1));
    }

    @Test
    public void limitsAreKeptInFiles() {
        Limits limits = Limits.fromJson("{\"call\": {\"fuel\": 1000}}");
        assertEquals(1000, limits.get("fuel"));
        assertEquals(DEFAULTS.get("deadline"), limits.get("deadline"));
        assertEquals(limits, Limits.fromJson(limits.json()));
        assertEquals(limits.hashCode(), Limits.fromJson(limits.json()).hashCode());
        assertFalse(limits.equals(DEFAULTS));
        assertThrows(IllegalArgumentException.class, () -> Limits.fromJson("{\"call\": {\"feul\": 1000}}"));
        assertThrows(IllegalArgumentException.class, () -> Limits.fromJson("none"));
    }

    @Test
    public void oneThatWasChangedLeavesTheOtherAsItWas() {
        Limits more = DEFAULTS.fuel(7).memoryBytes(70_000);
        assertEquals(7, more.get("fuel"));
        assertNotEquals(7, DEFAULTS.get("fuel"));
    }
}
