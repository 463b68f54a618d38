package dev.fuelbox;

import static dev.fuelbox.ValueType.I32;
import static dev.fuelbox.ValueType.I64;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.File;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.Test;

/** Every hostile guest in a file ends in Java as its header says. */
public class HostileTest {
    private static final Map<String, String> LIMITS = new HashMap<>();
    private static final Map<String, String> MODULE_LIMITS = new HashMap<>();

    static {
        LIMITS.put("fuel", "fuel");
        LIMITS.put("deadline", "deadline");
        LIMITS.put("memory", "memory_bytes");
        LIMITS.put("table", "table_elements");
        LIMITS.put("input_limit", "input_bytes");
        LIMITS.put("output_limit", "output_bytes");
        LIMITS.put("log_bytes", "log_bytes");
        LIMITS.put("log_lines", "log_lines");
        LIMITS.put("log_line_bytes", "log_line_bytes");
        MODULE_LIMITS.put("call_depth", "call_depth");
        MODULE_LIMITS.put("stack", "stack_bytes");
        MODULE_LIMITS.put("module_bytes", "module_bytes");
        MODULE_LIMITS.put("functions", "functions");
    }

    /** What the header of a guest says. */
    private final Map<String, String> header = new LinkedHashMap<>();

    @Test
    public void everyGuestEndsAsItsHeaderSays() {
        File hostile = Guests.root().resolve("tests/hostile").toFile();
        File[] files = hostile.listFiles((folder, name) -> name.endsWith(".wat"));
        Arrays.sort(files);
        for (File file : files) {
            String name = file.getName().substring(0, file.getName().length() - 4);
            readHeader(Guests.text(file.toPath()));
            assertEquals(name, header.get("expect"), ended(name));
        }
        assertTrue(files.length > 130);
    }

    private void readHeader(String text) {
        header.clear();
        for (String line : text.split("\n")) {
            int colon = line.indexOf(": ");
            if (!line.startsWith(";;")) {
                return;
            }
            if (colon > 0 && !line.startsWith(";;   ")) {
                header.put(line.substring(3, colon), line.substring(colon + 2));
            }
        }
    }

    /** Runs a guest; how it ended, in the words of a header. */
    private String ended(String name) {
        try (WasmModule module = builder().build(Guests.wasm(name));
                Sandbox sandbox = sandbox();
                Report report = sandbox.run(module, call(module))) {
            Map<?, ?> usage = (Map<?, ?>) ((Map<?, ?>) Json.read(report.json())).get("usage");
            header.forEach((key, value) -> {
                if (key.startsWith("usage.")) {
                    assertEquals(name, BigDecimal.valueOf(number(value)), usage.get(key.substring(6)));
                }
            });
            return report.outcome() + (report.isFinished() ? " " + report.exitStatus().getAsInt() : "");
        } catch (FuelboxException e) {
            return e.code();
        }
    }

    private ModuleBuilder builder() {
        ModuleBuilder builder = WasmModule.builder();
        header.forEach((key, value) -> {
            if (MODULE_LIMITS.containsKey(key)) {
                builder.limit(MODULE_LIMITS.get(key), number(value));
            } else if (key.equals("proposal")) {
                builder.allow(value);
            }
        });
        return builder;
    }

    private Sandbox sandbox() {
        Limits limits = Guests.PATIENT.fuel(100_000_000);
        for (Map.Entry<String, String> line : header.entrySet()) {
            if (LIMITS.containsKey(line.getKey())) {
                limits = limits.with(LIMITS.get(line.getKey()), number(line.getValue()));
            } else if (line.getKey().equals("denial")) {
                limits = limits.growthDenial(GrowthDenial.REFUSE);
            }
        }
        SandboxBuilder builder = Sandbox.builder(limits);
        if (header.containsKey("tick")) {
            long tick = number(header.get("tick"));
            AtomicLong now = new AtomicLong();
            builder.clock(() -> now.addAndGet(tick));
        }
        if (header.containsKey("abi_version")) {
            builder.requireAbiVersion();
        }
        for (String grant : header.getOrDefault("allow", "").split(", ")) {
            grant(builder, grant);
        }
        return builder.build();
    }

    private static void grant(SandboxBuilder builder, String name) {
        switch (name) {
            case "host":
                grantHost(builder);
                break;
            case "wasi":
                builder.grantWasi(wasi());
                break;
            case "abort":
                builder.grantAbort();
                break;
            case "input":
                builder.grantInput();
                break;
            case "log":
                builder.grantLog();
                break;
            case "output":
                builder.grantOutput();
                break;
            case "protocol":
                builder.grantProtocol();
                break;
            case "random":
                builder.grantRandomSeeded(7);
                break;
            default:
                assertEquals("", name);
        }
    }

    private static void grantHost(SandboxBuilder builder) {
        Signature none = Signature.takes();
        builder.grantFunction("host", "nop", none, (caller, args) -> null)
                .grantFunction("host", "twice", Signature.takes(I32).returns(I32), (caller, args) ->
                        Value.results(Value.i32(args[0].i32() * 2)))
                .grantFunction("host", "spend", Signature.takes(I64), (caller, args) -> {
                    // Unsigned, as guests have it: a negative one is more than there is.
                    caller.charge(args[0].i64() < 0 ? Long.MAX_VALUE : args[0].i64());
                    return null;
                })
                .grantFunction("host", "spend_all", none, (caller, args) -> {
                    caller.charge(caller.fuelLeft());
                    return null;
                })
                .grantFunction("host", "fuel_used", none.returns(I64), (caller, args) ->
                        Value.results(Value.i64(caller.fuelUsed())))
                .grantFunction("host", "fail", none, (caller, args) -> {
                    throw new IllegalStateException("out of fuel, says the host");
                });
    }

    /** A small writable tree at `/`, with links that lead up and round, and a read-only one at `/kept`. */
    private static Wasi wasi() {
        Tree tree = new Tree().file("/file", Guests.utf8("hello")).directory("/dir");
        String[] links = {"/round", "round", "/ping", "pong/x", "/pong", "ping/x", "/up", "dir/../..", "/root",
            "/file"};
        for (int i = 0; i < links.length; i += 2) {
            tree.symlink(links[i], links[i + 1]);
        }
        Tree kept = new Tree().file("/file", Guests.utf8("kept"));
        return new Wasi().env("KEY", "value").mount("/", tree.writable(256 << 10, 2_000)).mount("/kept", kept);
    }

    private Call call(WasmModule module) {
        String[] words = header.getOrDefault("call", "").split(" ");
        Call call = Call.entry();
        if (!words[0].isEmpty()) {
            List<ValueType> types = words.length == 1 ? Arrays.asList() : module.function(words[0]).params();
            Value[] args = new Value[words.length - 1];
            for (int i = 0; i < args.length; i++) {
                args[i] = value(types.get(i), words[i + 1]);
            }
            call = Call.export(words[0]).args(args);
        }
        return call.input(Guests.utf8(header.getOrDefault("input", "")));
    }

    private static Value value(ValueType type, String written) {
        String word = written.equals("nan") ? "NaN" : written;
        switch (type) {
            case F32:
                return Value.f32(Float.parseFloat(word));
            case F64:
                return Value.f64(Double.parseDouble(word));
            case I64:
                return Value.i64(Long.parseLong(word));
            default:
                return Value.i32((int) Long.parseLong(word));
        }
    }

    /** A number such as `1,000`, `64KiB` or `max`. */
    private static long number(String text) {
        if (text.equals("max")) {
            return Limits.UNLIMITED;
        }
        String digits = text.replaceAll("[^0-9]", "");
        long unit = text.endsWith("KiB") ? 1 << 10 : text.endsWith("MiB") ? 1 << 20
                : text.endsWith("ms") ? Duration.ofMillis(1).toNanos() : 1;
        return Long.parseLong(digits) * unit;
    }
}
