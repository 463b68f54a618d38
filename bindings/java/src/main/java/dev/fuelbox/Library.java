package dev.fuelbox;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The native library, which is loaded once. It is looked for in this order: the file that the system property {@code
 * dev.fuelbox.library} names; {@code libfuelbox_jni} in the library path, as on Android; a copy inside the jar.
 */
final class Library {
    private static final String NAME = "fuelbox_jni";

    static {
        load();
    }

    private Library() {}

    /** Makes sure that the library is loaded; every class with native methods begins with it. */
    static void ensure() {
        // Loading is in the initializer, which runs once and before this returns.
    }

    private static void load() {
        String file = System.getProperty("dev.fuelbox.library");
        if (file != null) {
            System.load(file);
            return;
        }
        try {
            System.loadLibrary(NAME);
        } catch (UnsatisfiedLinkError notInThePath) {
            loadFromJar(notInThePath);
        }
    }

    private static void loadFromJar(UnsatisfiedLinkError notInThePath) {
        String resource = "/dev/fuelbox/native/" + platform() + "/" + System.mapLibraryName(NAME);
        try (InputStream library = Library.class.getResourceAsStream(resource)) {
            if (library == null) {
                throw notInThePath;
            }
            // In a folder that only this user can write to, so that nobody puts another library there.
            Path folder = Files.createTempDirectory("fuelbox");
            Path copy = folder.resolve(System.mapLibraryName(NAME));
            // What was registered last is deleted first.
            folder.toFile().deleteOnExit();
            copy.toFile().deleteOnExit();
            Files.copy(library, copy, StandardCopyOption.REPLACE_EXISTING);
            System.load(copy.toString());
        } catch (IOException e) {
            throw (UnsatisfiedLinkError) new UnsatisfiedLinkError(resource + " cannot be unpacked").initCause(e);
        }
    }

    /** The system and its processor, such as {@code linux-amd64}. */
    private static String platform() {
        return System.getProperty("os.name").toLowerCase(java.util.Locale.ROOT) + "-" + System.getProperty("os.arch");
    }
}
