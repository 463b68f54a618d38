package dev.fuelbox;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.Test;

/** The table of vectors gives in Java what it gives everywhere. */
public class VectorsTest {
    @Test
    public void everyVectorGivesWhatTheTableSays() {
        String text = Guests.text(Guests.root().resolve("bindings/vectors/vectors.json"));
        List<Map<String, Object>> vectors = list(Json.read(text));
        for (Map<String, Object> vector : vectors) {
            check(vector);
        }
        assertTrue(vectors.size() > 20);
    }

    private static void check(Map<String, Object> vector) {
        String name = (String) vector.get("name");
        String path = (String) vector.get("module");
        Map<String, Object> expected = object(vector.get("expected"));
        try (WasmModule module = Guests.module(path.substring(path.lastIndexOf('/') + 1, path.length() - 4));
                Sandbox sandbox = sandbox(vector)) {
            if (expected.containsKey("refused")) {
                Map<String, Object> refused = object(expected.get("refused"));
                FuelboxException e =
                        assertThrows(name, FuelboxException.class, () -> sandbox.run(module, call(vector)));
                assertEquals(name, refused.get("code"), e.code());
                Map<String, Object> json = object(Json.read(e.reason().json().get()));
                assertEquals(name, refused.get("error"), json.get("error"));
            } else {
                try (Report report = sandbox.run(module, call(vector))) {
                    Map<String, Object> json = object(Json.read(report.json()));
                    withoutTimes(object(json.get("usage")));
                    assertEquals(name, expected.get("report"), json);
                    checkGetters(name, report, object(expected.get("report")));
                }
            }
        }
    }

    /** That the getters say what the JSON says. */
    private static void checkGetters(String name, Report report, Map<String, Object> expected) {
        Map<String, Object> usage = object(expected.get("usage"));
        assertEquals(name, number(usage, "fuel"), report.usage().fuel());
        assertEquals(name, number(usage, "peak_memory_bytes"), report.usage().peakMemoryBytes());
        assertEquals(name, number(usage, "memory_growths_denied"), report.usage().memoryGrowthsDenied());
        assertEquals(name, number(usage, "host_calls"), report.usage().hostCalls());
        assertEquals(name, number(usage, "log_lines_lost"), report.usage().logLinesLost());
        assertEquals(name, ((List<?>) expected.get("values")).size(), report.values().size());
        List<Map<String, Object>> logs = list(expected.get("logs"));
        assertEquals(name, logs.size(), report.log().size());
        for (int i = 0; i < logs.size(); i++) {
            assertEquals(name, logs.get(i).get("text"), report.log().get(i).text());
            assertEquals(name, logs.get(i).get("truncated"), report.log().get(i).isTruncated());
        }
        if (expected.get("output") instanceof String) {
            assertEquals(name, expected.get("output"), report.outputText());
        }
        boolean finished = object(expected.get("outcome")).containsKey("finished");
        assertEquals(name, finished, report.isFinished());
        assertEquals(name, finished, report.exitStatus().isPresent());
        assertEquals(name, finished, !report.stop().isPresent());
    }

    private static Sandbox sandbox(Map<String, Object> vector) {
        Limits limits = Guests.PATIENT;
        for (Map.Entry<String, Object> limit : object(vector.get("limits")).entrySet()) {
            limits = limits.with(limit.getKey(), ((BigDecimal) limit.getValue()).longValueExact());
        }
        SandboxBuilder builder = Sandbox.builder(limits);
        try (Wasi wasi = new Wasi()) {
            for (Object grant : (List<?>) vector.get("grants")) {
                grant(builder, wasi, ((String) grant).split(" "));
            }
            return builder.build();
        }
    }

    private static void grant(SandboxBuilder builder, Wasi wasi, String[] words) {
        switch (words[0]) {
            case "protocol":
                builder.grantProtocol();
                break;
            case "input":
                builder.grantInput();
                break;
            case "output":
                builder.grantOutput();
                break;
            case "clock-by-fuel":
                builder.grantClockByFuel(Duration.ofNanos(Long.parseLong(words[1])));
                break;
            case "random-seeded":
                builder.grantRandomSeeded(Long.parseLong(words[1]));
                break;
            case "wasi":
                builder.grantWasi(wasi.args(Arrays.copyOfRange(words, 1, words.length)));
                break;
            default:
                throw new AssertionError("no grant of vectors: " + words[0]);
        }
    }

    private static Call call(Map<String, Object> vector) {
        String export = (String) vector.get("call");
        Call call = export == null ? Call.entry() : Call.export(export);
        Object[] args = ((List<?>) vector.get("args")).toArray();
        Value[] values = new Value[args.length];
        for (int i = 0; i < args.length; i++) {
            values[i] = value((String) args[i]);
        }
        return call.args(values).input(bytes((String) vector.get("input")));
    }

    private static Value value(String text) {
        String number = text.substring(text.indexOf(' ') + 1);
        switch (text.substring(0, text.indexOf(' '))) {
            case "i32":
                return Value.i32(Integer.parseInt(number));
            case "i64":
                return Value.i64(Long.parseLong(number));
            case "f32":
                return Value.f32Bits(Integer.parseUnsignedInt(number));
            case "f64":
                return Value.f64Bits(Long.parseUnsignedLong(number));
            default:
                return Value.nullOf(ValueType.EXTERNREF);
        }
    }

    private static byte[] bytes(String digits) {
        byte[] bytes = new byte[digits.length() / 2];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Integer.parseInt(digits.substring(2 * i, 2 * i + 2), 16);
        }
        return bytes;
    }

    /** Sets what differs from run to run to zero, as the table has it. */
    private static void withoutTimes(Map<String, Object> usage) {
        for (String time : new String[] {"time", "overrun", "waited"}) {
            object(usage.get(time)).replaceAll((unit, number) -> BigDecimal.ZERO);
        }
        usage.put("slices", BigDecimal.ZERO);
    }

    private static long number(Map<String, Object> object, String name) {
        return ((BigDecimal) object.get(name)).longValueExact();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> object(Object value) {
        return value instanceof String ? java.util.Collections.singletonMap((String) value, null)
                : (Map<String, Object>) value;
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> list(Object value) {
        return (List<Map<String, Object>>) value;
    }
}
