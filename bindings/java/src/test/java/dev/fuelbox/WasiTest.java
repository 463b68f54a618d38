package dev.fuelbox;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import org.junit.Test;

/** Programs of WASI, with arguments and files in memory. */
public class WasiTest {
    @Test
    public void treesHoldWhatWasPutIn() {
        try (Tree tree = new Tree()) {
            tree.file("/etc/motd", Guests.utf8("welcome"))
                    .file("/direct", ByteBuffer.allocateDirect(3))
                    .directory("/empty")
                    .symlink("/link", "etc/motd")
                    .hardLink("/again", "/etc/motd");
            assertEquals("tree-malformed", RunTest.code(() -> tree.directory("/a/../b")));
            assertEquals("tree-taken", RunTest.code(() -> tree.file("/empty", new byte[0])));
            assertEquals("tree-no-file", RunTest.code(() -> tree.hardLink("/x", "/none")));
            assertEquals("welcome", new String(tree.read("again").get()));
            assertEquals(3, tree.read("/direct").get().length);
            assertFalse(tree.read("/link").isPresent());
            assertTrue(tree.json().contains("welcome"));
            assertThrows(IllegalArgumentException.class, () -> tree.writable(-1, 1));
        }
    }

    @Test
    public void aDirectoryIsMounted() throws Exception {
        Path folder = Files.createTempDirectory("fuelbox-test");
        Path written = folder.resolve("out");
        try (WasmModule program = Guests.module("program")) {
            for (boolean writable : new boolean[] {false, true}) {
                try (Wasi wasi = new Wasi().args("hello").mountDirectory("/", folder.toString(), writable);
                        Sandbox sandbox = Sandbox.builder(Guests.PATIENT).grantWasi(wasi).build()) {
                    sandbox.run(program, new byte[0]).close();
                    assertEquals(writable, Files.exists(written));
                }
            }
            assertEquals("hello", Guests.text(written));
            Wasi wasi = new Wasi();
            assertEquals("dir-open", RunTest.code(() -> wasi.mountDirectory("/", folder + "/none", false)));
        } finally {
            Files.deleteIfExists(written);
            Files.delete(folder);
        }
    }

    @Test
    public void aProgramHasArgumentsAndLeavesFiles() {
        try (Tree tree = new Tree().writable(1_000, 10);
                Wasi wasi = new Wasi()
                        .program("program")
                        .args("hello", "grüße")
                        .env("LANG", "C")
                        .mount("/data", tree)
                        .clockFixed(Duration.ofSeconds(1_767_225_600))
                        .clockByFuel(Duration.ZERO)
                        .clockSystem()
                        .randomSeeded(7)
                        .secureRandom();
                WasmModule program = Guests.module("program")) {
            Sandbox sandbox = Sandbox.builder(Guests.PATIENT).grantWasi(wasi).build();
            try (Report report = sandbox.run(program, new byte[0])) {
                assertEquals(3, report.exitStatus().getAsInt());
                assertEquals("hello", report.outputText());
                assertEquals(Collections.singleton("/data"), report.trees().keySet());
                assertEquals("hello", new String(report.trees().get("/data").read("/out").get()));
            }
            // What it wrote is in the report, not in the tree that was mounted.
            assertFalse(tree.read("/out").isPresent());
            sandbox.close();
        }
    }

    @Test
    public void settingsThatWereClosedCannotBeBuiltWith() {
        Wasi wasi = new Wasi();
        SandboxBuilder builder = Sandbox.builder().grantWasi(wasi);
        wasi.close();
        assertThrows(ClosedException.class, builder::build);
    }
}
