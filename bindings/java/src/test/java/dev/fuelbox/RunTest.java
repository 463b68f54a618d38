package dev.fuelbox;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.Test;

/** Runs of one call: what goes in and comes out, and what is refused and stopped. */
public class RunTest {
    private static final Sandbox PLUGINS = Sandbox.builder(Guests.PATIENT).grantProtocol().build();
    private static final WasmModule UPPER = Guests.module("upper");

    @Test
    public void aPluginAnswersItsInput() {
        try (Report report = PLUGINS.run(UPPER, Guests.utf8("hello"))) {
            assertEquals("finished", report.outcome());
            assertTrue(report.isFinished());
            assertEquals(0, report.exitStatus().getAsInt());
            assertEquals("HELLO", report.outputText());
            assertEquals("making it capital", report.log().get(0).text());
            assertEquals(0, report.stderr().length);
            assertFalse(report.thrown().isPresent());
            assertEquals(report, report.orThrow());
            assertTrue(report.usage().fuel() > 0 && report.usage().time().compareTo(Duration.ZERO) > 0);
            assertTrue(report.usage().slices() > 0 && report.usage().fuelSchedule() > 0);
            assertTrue(report.trees().isEmpty());
        }
    }

    @Test
    public void inputComesFromEveryKindOfBuffer() {
        ByteBuffer direct = ByteBuffer.allocateDirect(9);
        direct.put(Guests.utf8("__hello__"));
        direct.position(2).limit(7);
        ByteBuffer heap = ByteBuffer.wrap(Guests.utf8("__hello__"), 2, 5);
        ByteBuffer slice = heap.slice();
        for (ByteBuffer input : Arrays.asList(direct, direct.slice(), heap, slice, heap.asReadOnlyBuffer())) {
            int position = input.position();
            assertEquals("HELLO", PLUGINS.run(UPPER, input).outputText());
            assertEquals(position, input.position());
            assertEquals(5, input.remaining());
        }
        assertEquals("", PLUGINS.run(UPPER, ByteBuffer.allocateDirect(0)).outputText());
        assertEquals("", PLUGINS.run(UPPER, new byte[0]).outputText());
    }

    @Test
    public void outputGoesIntoDirectBuffers() {
        try (Report report = PLUGINS.run(UPPER, Guests.utf8("hello"))) {
            ByteBuffer into = ByteBuffer.allocateDirect(8);
            into.put((byte) '_');
            report.output(into);
            assertEquals(6, into.position());
            into.flip();
            byte[] bytes = new byte[6];
            into.get(bytes);
            assertArrayEquals(Guests.utf8("_HELLO"), bytes);
            ByteBuffer small = ByteBuffer.allocateDirect(4);
            assertThrows(BufferOverflowException.class, () -> report.output(small));
            assertThrows(BufferOverflowException.class, () -> report.output(ByteBuffer.allocateDirect(0)));
            assertEquals(0, small.position());
            assertThrows(IllegalArgumentException.class, () -> report.output(ByteBuffer.allocate(8)));
            assertThrows(IllegalArgumentException.class, () -> report.output(into.asReadOnlyBuffer()));
        }
    }

    @Test
    public void largeInputAndOutputAreBounded() {
        FuelboxException e = assertThrows(
                FuelboxException.class, () -> PLUGINS.run(UPPER, new byte[(16 << 20) + 1]));
        assertEquals("input-too-large", e.code());
        assertEquals(Blame.LIMIT, e.blame());
        try (WasmModule large = Guests.module("large")) {
            byte[] output = PLUGINS.run(large, Call.export("write").args(Value.i32(16 << 20))).output();
            assertEquals(16 << 20, output.length);
            Report more = PLUGINS.run(large, Call.export("write").args(Value.i32((16 << 20) + 1)));
            assertEquals("output-too-large", more.outcome());
        }
    }

    @Test
    public void whatIsRefusedSaysWhyAndWhatToChange() {
        FuelboxException e = assertThrows(FuelboxException.class, () -> WasmModule.of(Guests.utf8("(module)")));
        assertEquals("text-module", e.code());
        assertTrue(e.advice().isPresent());
        assertEquals(Blame.HOST, e.blame());
        assertEquals("invalid-module", code(() -> WasmModule.of(new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0, 99})));
        assertEquals("invalid-module", code(() -> WasmModule.of(new byte[0])));
        try (Sandbox nothing = Sandbox.builder().build()) {
            e = assertThrows(FuelboxException.class, () -> nothing.run(UPPER, new byte[0]));
            assertEquals("import-not-granted", e.code());
            assertEquals("grant", e.reason().adviceCode().get());
            assertFalse(e.reason().isTransient());
            assertEquals("import-not-granted: " + e.getMessage(), e.reason().toString());
            assertTrue(nothing.check(UPPER, Call.entry()).contains("\"would_run\":false"));
        }
        assertTrue(PLUGINS.check(UPPER, Call.entry()).contains("\"would_run\":true"));
    }

    @Test
    public void aGuestThatIsStoppedHasAReport() {
        try (WasmModule calls = Guests.module("calls");
                Sandbox sandbox = Sandbox.builder(Guests.PATIENT).build();
                Report report = sandbox.run(
                        calls, Call.export("endless").limits(Limits.defaults().fuel(100_000)))) {
            Reason stop = report.stop().get();
            assertEquals("out-of-fuel", report.outcome());
            assertEquals("out-of-fuel", stop.code());
            assertEquals("raise-limit", stop.adviceCode().get());
            assertEquals(Blame.LIMIT, stop.blame());
            assertTrue(stop.json().get().contains("\"out-of-fuel\""));
            assertFalse(report.exitStatus().isPresent());
            assertTrue(report.values().isEmpty());
            StoppedException e = assertThrows(StoppedException.class, report::orThrow);
            assertEquals(report.json(), e.report().json());
            assertEquals("out-of-fuel", e.code());
        }
    }

    @Test
    public void theReportOfAnExceptionStaysOpenBehindTheBlockThatClosedItsOwn() {
        long before = HandlesTest.settled();
        byte[] flood = Guests.utf8("hello");
        Call call = Call.entry().input(flood).limits(Guests.PATIENT.outputBytes(3));
        StoppedException e = assertThrows(StoppedException.class, () -> {
            try (Report report = PLUGINS.run(UPPER, call)) {
                report.orThrow();
            }
        });
        assertEquals("output-too-large", e.report().outcome());
        assertEquals("HEL", e.report().outputText());
        e.report().close();
        assertEquals(before, Fuelbox.liveHandles());
    }

    @Test
    public void aStopSaysInWhichPartOfTheRunItCame() {
        try (Sandbox sandbox = Sandbox.builder(Guests.PATIENT.fuel(1_000)).build()) {
            for (Phase phase : Phase.values()) {
                String name = "loop_in_" + phase.name().toLowerCase(java.util.Locale.ROOT);
                try (WasmModule module = Guests.module(name);
                        Report report = sandbox.run(module, new byte[0])) {
                    assertEquals(phase, report.phase().get());
                }
            }
        }
        try (Report report = PLUGINS.run(UPPER, new byte[0])) {
            assertFalse(report.phase().isPresent());
        }
    }

    @Test
    public void aModuleIsReadFromItsText() {
        String text = "(module (func (export \"seven\") (result i32) (i32.const 7)))";
        try (WasmModule module = WasmModule.builder().buildText(text);
                Report report = PLUGINS.run(module, Call.export("seven"))) {
            assertEquals(7, report.values().get(0).i32());
        }
        String wrong = "(module (func (i32.konst 7)))";
        FuelboxException e = assertThrows(FuelboxException.class, () -> WasmModule.builder().buildText(wrong));
        assertEquals("invalid-text", e.code());
        assertTrue(e.getMessage(), e.getMessage().contains("at line 1 column 16"));
    }

    @Test
    public void aModuleTellsWhatItIs() {
        byte[] wasm = Guests.wasm("host");
        try (WasmModule module = WasmModule.builder().name("tärif \ud83d\ude80").build(wasm)) {
            assertEquals("tärif \ud83d\ude80", module.name().get());
            assertEquals("[env.shout: function (i32, i32) -> i32, env.price: function (i32) -> i64]",
                    module.imports().toString());
            List<Extern> exports = module.exports();
            assertEquals("memory", exports.get(0).name());
            assertEquals("price: function (i32) -> i64", exports.get(2).toString());
            assertFalse(exports.get(0).module().isPresent());
            assertEquals(Signature.takes(ValueType.I32).returns(ValueType.I64), module.function("price"));
            assertEquals("export-missing", code(() -> module.function("none")));
            assertEquals("export-type", code(() -> module.function("memory")));
            assertEquals(module.fingerprint(), Guests.module("host").fingerprint());
            assertFalse(module.wasm().isPresent());
            assertTrue(module.json().contains("\"has_start\":false"));
            module.makeLanes(2);
        }
        assertFalse(WasmModule.of(wasm).name().isPresent());
        assertEquals("[]", WasmModule.builder().proposalsUsed(wasm));
        String used = WasmModule.builder().proposalsUsed(Guests.wasm("values"));
        assertEquals("[\"multi-value\",\"reference-types\",\"simd\"]", used);
    }

    @Test
    public void aModuleIsMadeAsItsBuilderSays() throws Exception {
        byte[] wasm = Guests.wasm("upper");
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(wasm);
        WasmModule.builder().sha256(hash).build(wasm).close();
        hash[31] ^= 1;
        assertEquals("hash", code(() -> WasmModule.builder().sha256(hash).build(wasm)));
        assertThrows(IllegalArgumentException.class, () -> WasmModule.builder().sha256(new byte[31]));
        assertEquals("module-limit", code(() -> WasmModule.builder().limit("module_bytes", 10).build(wasm)));
        assertEquals("proposal", code(() -> WasmModule.builder().deny("simd").build(Guests.wasm("values"))));
        ByteBuffer direct = ByteBuffer.allocateDirect(wasm.length);
        direct.put(wasm).flip();
        try (WasmModule lazy = WasmModule.builder().lazy().mostLanes(1).allow("tail-call").build(direct)) {
            assertEquals("A", PLUGINS.run(lazy, Guests.utf8("a")).outputText());
        }
    }

    @Test
    public void valuesOfEveryTypePass() {
        Signature call = Signature.takes(ValueType.I32, ValueType.I32).returns(ValueType.I32);
        Signature mixed = Signature.takes(
                        ValueType.I32, ValueType.I64, ValueType.F32, ValueType.F64, ValueType.V128, ValueType.EXTERNREF)
                .returns(ValueType.F64, ValueType.V128);
        try (WasmModule module = Guests.module("values");
                Sandbox sandbox = Sandbox.builder(Guests.PATIENT)
                        .grantFunction("host", "call", call, (caller, args) -> Value.results(args[0]))
                        .grantFunction("host", "mixed", mixed, (caller, args) -> {
                            assertEquals(-1, args[0].i32());
                            assertEquals(-2, args[1].i64());
                            assertEquals(1.5f, args[2].f32(), 0);
                            assertEquals(-2.5, args[3].f64(), 0);
                            assertTrue(args[5].isNull());
                            return Value.results(args[3], Value.v128(args[4].high(), args[4].low()));
                        })
                        .build();
                Instance instance = sandbox.instantiate(module)) {
            Value vector = Value.v128(0x0102030405060708L, 0x8f0e0d0c0b0a0900L);
            assertEquals(Collections.singletonList(vector), instance.call("vector", vector));
            Value[] nulls = {Value.nullOf(ValueType.FUNCREF), Value.nullOf(ValueType.EXTERNREF)};
            assertEquals(Arrays.asList(nulls), instance.call("references", nulls));
            assertEquals(Arrays.asList(Value.f64(-2.5), Value.v128(-1, 1)), instance.call("mixed"));
            assertThrows(IllegalStateException.class, vector::i32);
            assertThrows(IllegalArgumentException.class, () -> Value.nullOf(ValueType.I32));
        }
    }

    static String code(org.junit.function.ThrowingRunnable refused) {
        return assertThrows(FuelboxException.class, refused).code();
    }
}
