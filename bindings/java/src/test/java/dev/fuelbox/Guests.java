package dev.fuelbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.time.Duration;

/** The guests of the tests, which `test` makes of texts, and the files of the repository. */
final class Guests {
    /** A slow machine must not be what ends a guest. */
    static final Limits PATIENT = Limits.defaults().deadline(Duration.ofMinutes(10));

    /** What the guest `host` takes a price to be. */
    static final Signature PRICE = Signature.takes(ValueType.I32).returns(ValueType.I64);

    private Guests() {}

    static byte[] wasm(String name) {
        return read(Paths.get(System.getProperty("fuelbox.guests"), name + ".wasm"));
    }

    static WasmModule module(String name) {
        return WasmModule.of(wasm(name));
    }

    static Path root() {
        return Paths.get(System.getProperty("fuelbox.root"));
    }

    static byte[] read(Path path) {
        try {
            return Files.readAllBytes(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String text(Path path) {
        return new String(read(path), StandardCharsets.UTF_8);
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
