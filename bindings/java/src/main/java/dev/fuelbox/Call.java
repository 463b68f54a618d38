package dev.fuelbox;

import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.LongFunction;

/** What to run, and with what. It can be used again; not for several threads at a time. */
public final class Call {
    static {
        Library.ensure();
    }

    private static final Bytes NO_INPUT = Bytes.of(new byte[0]);

    /** Null for the entry. */
    private final byte[] export;
    private long[] args = {};
    private Bytes input = NO_INPUT;
    private Limits limits;
    private CancelToken token;
    private Object context;

    private Call(byte[] export) {
        this.export = export;
    }

    /** A call of the guest's entry: {@code execute}, else {@code _start}. */
    public static Call entry() {
        return new Call(null);
    }

    /** A call of an export. */
    public static Call export(String name) {
        return new Call(Text.encode(name));
    }

    /** Sets the arguments of an export. */
    public Call args(Value... values) {
        args = Value.pack(values);
        return this;
    }

    /** Sets the input, which is read when the call begins. */
    public Call input(byte[] bytes) {
        input = Bytes.of(bytes);
        return this;
    }

    /** As {@link #input(byte[])}; what is between position and limit now. */
    public Call input(ByteBuffer bytes) {
        input = Bytes.of(bytes);
        return this;
    }

    /** Sets limits for this call in place of the sandbox's: those that belong to calls. */
    public Call limits(Limits own) {
        limits = Objects.requireNonNull(own, "limits");
        return this;
    }

    /** Sets the token that cancels the call. One token can be that of many calls. */
    public Call cancelToken(CancelToken cancels) {
        token = Objects.requireNonNull(cancels, "token");
        return this;
    }

    /** Sets what host functions get from {@link Caller#context}, such as the tenant that the call is for. */
    public Call context(Object seen) {
        context = seen;
        return this;
    }

    /** The call of a new run, with what its host functions see. */
    Run begin() {
        return new Run(context);
    }

    /** Hands the call to the library for the time of {@code using}; {@code number} is that of its run, or 0. */
    <T> T lend(long number, LongFunction<T> using) {
        if (token == null) {
            return lend(number, 0, using);
        }
        try (Resource.Use cancels = token.hold()) {
            return lend(number, cancels.number(), using);
        }
    }

    private <T> T lend(long number, long cancels, LongFunction<T> using) {
        if (limits == null) {
            return lend(number, cancels, 0, using);
        }
        return limits.lend(own -> lend(number, cancels, own, using));
    }

    private <T> T lend(long number, long cancels, long own, LongFunction<T> using) {
        long call = make(
                export, args, input.array, input.direct, input.offset, input.length, own, cancels, number);
        try {
            return using.apply(call);
        } finally {
            free(call);
        }
    }

    private static native long make(
            byte[] export,
            long[] args,
            byte[] array,
            ByteBuffer direct,
            int offset,
            int length,
            long limits,
            long token,
            long context);

    private static native void free(long call);
}
