package dev.fuelbox;

import java.util.function.Supplier;

/** What a status of the C interface is in Java. Native code calls it with every status that is not success. */
final class Failure {
    static final int OK = 0;
    static final int HOST_FUNCTION = 209;
    static final int EXITED = 18;
    static final int OUT_OF_FUEL = 200;
    static final int FAULT = 208;

    private static final int NULL = 1;
    private static final int STALE_HANDLE = 2;
    private static final int BUSY = 4;
    private static final int INVALID_UTF8 = 6;
    private static final int INVALID_ARGUMENT = 7;
    private static final int UNKNOWN_NAME = 8;
    private static final int NOTHING_ASKED = 14;
    private static final int OUT_OF_BOUNDS = 17;

    private Failure() {}

    /** Does what is given a name of, and says in which name it is wrong where it is. */
    static <T> T naming(String name, Supplier<T> doing) {
        try {
            return doing.get();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
        }
    }

    /** Throws what stands for a status, with what its error says; takes the error, 0 where there is none. */
    static void raise(int status, long error) {
        long report = error == 0 ? 0 : Reason.reportOf(error);
        Reason reason = error == 0 ? new Reason(status, null) : Reason.take(error);
        if (report != 0) {
            throw new StoppedException(reason, new Report(report));
        }
        switch (status) {
            case NULL:
                throw new NullPointerException(reason.message());
            case STALE_HANDLE:
                throw new ClosedException("handle");
            case BUSY:
                throw new BusyException();
            case INVALID_UTF8:
            case INVALID_ARGUMENT:
            case UNKNOWN_NAME:
                throw new IllegalArgumentException(reason.message());
            case NOTHING_ASKED:
                throw new IllegalStateException("the guest does not ask its host");
            case OUT_OF_BOUNDS:
                throw new IndexOutOfBoundsException("the range does not lie in the guest's memory");
            default:
                throw new FuelboxException(reason);
        }
    }
}
