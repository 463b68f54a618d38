package dev.fuelbox;

/** What holds for the whole library and process. */
public final class Fuelbox {
    static {
        Library.ensure();
    }

    private Fuelbox() {}

    /** The version of the library, such as {@code 0.1.0}. */
    public static String version() {
        return Text.decode(versionText());
    }

    /**
     * Keeps up to so many bytes of the memories of guests that have ended, for the next ones: starts become faster. The
     * default is 72 MiB for the whole process; 0 keeps none.
     */
    public static void keepMemory(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("cannot keep " + bytes + " bytes");
        }
        keep(bytes);
    }

    /** The version of the schedule that fuel is counted by: fuel of two runs can be compared where it is the same. */
    public static native int fuelSchedule();

    /** The version of the protocol between hosts and guests that the library speaks. */
    public static native int protocolVersion();

    /** How many bytes are kept at the moment: see {@link #keepMemory}. */
    public static native long keptMemory();

    /** How many things of the library are neither closed nor collected yet, to find what is never closed. */
    public static native long liveHandles();

    /**
     * Sets how many of them there may be at the same time, to find out early that a program leaks: whatever would make
     * one more is a {@link FuelboxException}, {@code too-many-handles}, before guest code runs. {@link Long#MAX_VALUE},
     * the default, leaves it at four thousand million. For the whole process.
     */
    public static void limitHandles(long most) {
        if (most < 0) {
            throw new IllegalArgumentException("there cannot be " + most);
        }
        limit(most);
    }

    /** The word of a status. */
    static String statusName(int status) {
        return Text.decode(statusText(status));
    }

    /** What happened and what to change, in a sentence. */
    static String statusMessage(int status) {
        return Text.decode(statusSentence(status));
    }

    private static native byte[] versionText();

    private static native void keep(long bytes);

    private static native void limit(long most);

    private static native byte[] statusText(int status);

    private static native byte[] statusSentence(int status);
}
