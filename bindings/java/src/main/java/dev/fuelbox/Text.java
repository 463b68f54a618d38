package dev.fuelbox;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Text on its way to the library and back, as UTF-8. */
final class Text {
    private Text() {}

    /** Encodes a text; one with half a surrogate pair is refused, since no UTF-8 stands for it. */
    static byte[] encode(String text) {
        Objects.requireNonNull(text, "text");
        try {
            ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            byte[] bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
            return bytes;
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("half a surrogate pair cannot be text", e);
        }
    }

    /** Decodes what the library wrote, which is always UTF-8; null stays null. */
    static String decode(byte[] bytes) {
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }
}
