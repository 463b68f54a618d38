package dev.fuelbox;

import java.util.Optional;

/** Why a call was refused or a guest was stopped, as data. */
public final class Reason {
    static {
        Library.ensure();
    }

    private final int status;
    private final String code;
    private final String message;
    private final String adviceCode;
    private final String advice;
    private final Blame blame;
    private final boolean isTransient;
    private final String json;

    /** Reads an error of the library, and leaves it. */
    private Reason(long error) {
        status = status(error);
        code = Text.decode(code(error));
        message = Text.decode(message(error));
        adviceCode = Text.decode(adviceCode(error));
        advice = Text.decode(advice(error));
        blame = Blame.of(blame(error));
        isTransient = isTransient(error);
        json = Text.decode(json(error));
    }

    /** A status that came without an error. */
    Reason(int status, String message) {
        this.status = status;
        this.code = Fuelbox.statusName(status);
        this.message = message == null ? Fuelbox.statusMessage(status) : message;
        this.adviceCode = null;
        this.advice = null;
        this.blame = Blame.HOST;
        this.isTransient = false;
        this.json = null;
    }

    /** Reads an error of the library, and ends it. */
    static Reason take(long error) {
        try {
            return new Reason(error);
        } finally {
            free(error);
        }
    }

    /** The report that an error has with it, 0 where there is none. */
    static long reportOf(long error) {
        return report(error);
    }

    int status() {
        return status;
    }

    /** The word of it, such as {@code out-of-fuel}: docs/codes.md has them all. They never change. */
    public String code() {
        return code;
    }

    /** What happened, in a sentence. Names that a guest chose are escaped in it. */
    public String message() {
        return message;
    }

    /** What to change, as a word such as {@code raise-limit}. */
    public Optional<String> adviceCode() {
        return Optional.ofNullable(adviceCode);
    }

    /** What to change, in a sentence. */
    public Optional<String> advice() {
        return Optional.ofNullable(advice);
    }

    /** Who has to act. */
    public Blame blame() {
        return blame;
    }

    /** Whether the same call could succeed later without a change. */
    public boolean isTransient() {
        return isTransient;
    }

    /** All of it as one JSON object, with the numbers and names; empty where it is about this interface alone. */
    public Optional<String> json() {
        return Optional.ofNullable(json);
    }

    /** Code and message. */
    @Override
    public String toString() {
        return code + ": " + message;
    }

    private static native int status(long error);

    private static native byte[] code(long error);

    private static native byte[] message(long error);

    private static native byte[] adviceCode(long error);

    private static native byte[] advice(long error);

    private static native int blame(long error);

    private static native boolean isTransient(long error);

    private static native byte[] json(long error);

    private static native long report(long error);

    private static native void free(long error);
}
