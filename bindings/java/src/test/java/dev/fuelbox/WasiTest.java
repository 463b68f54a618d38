package dev.fuelbox;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
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
            assertFalse(tree.isWritable());
            assertTrue(tree.writable(1, 1).isWritable());
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
    public void aDirectoryHasLimits() throws Exception {
        Path folder = Files.createTempDirectory("fuelbox-test");
        Path written = folder.resolve("out");
        try (WasmModule program = Guests.module("program");
                Directory directory = new Directory(folder.toString(), true)) {
            for (int nodes : new int[] {0, 1}) {
                directory.limits(100, nodes, 2);
                try (Wasi wasi = new Wasi().args("hello").mountDirectory("/", directory);
                        Sandbox sandbox = Sandbox.builder(Guests.PATIENT).grantWasi(wasi).build()) {
                    sandbox.run(program, new byte[0]).close();
                }
                assertEquals(nodes == 1, Files.exists(written));
            }
            assertThrows(IllegalArgumentException.class, () -> directory.limits(-1, 1, 1));
        } finally {
            Files.deleteIfExists(written);
            Files.delete(folder);
        }
    }

    @Test
    public void standardInputArrivesWhileTheGuestRuns() {
        Deque<String> arrivals = new ArrayDeque<>(Arrays.asList("", "word", "."));
        try (Report report = echo(buffer -> {
            byte[] next = arrivals.isEmpty() ? null : Guests.utf8(arrivals.remove());
            if (next == null) {
                return -1;
            }
            System.arraycopy(next, 0, buffer, 0, next.length);
            return next.length;
        })) {
            assertEquals("word.", report.outputText());
        }
        Error thrown = new AssertionError("unplugged");
        Exception e = assertThrows(IllegalStateException.class, () -> echo(buffer -> {
            throw thrown;
        }));
        assertSame(thrown, e.getCause());
        e = assertThrows(IllegalStateException.class, () -> echo(buffer -> buffer.length + 1));
        assertTrue(e.getCause().getMessage().startsWith("it said "));
    }

    private static Report echo(InputSource input) {
        try (WasmModule echo = Guests.module("echo");
                Wasi wasi = new Wasi().stdin(input);
                Sandbox sandbox = Sandbox.builder(Guests.PATIENT).grantWasi(wasi).build()) {
            return sandbox.run(echo, new byte[0]);
        }
    }

    @Test
    public void namesThatWereLeftOutAreReported() {
        try (Tree tree = new Tree().leaveOut(3);
                Wasi wasi = new Wasi().args("hello").mount("/", tree);
                WasmModule program = Guests.module("program");
                Sandbox sandbox = Sandbox.builder(Guests.PATIENT).grantWasi(wasi).build();
                Report report = sandbox.run(program, new byte[0])) {
            assertEquals(3, report.usage().namesLeftOut());
            assertThrows(IllegalArgumentException.class, () -> tree.leaveOut(-1));
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
