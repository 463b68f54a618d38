package dev.fuelbox;

/** What native code calls: lambdas of the host, from which nothing may be thrown into it. */
final class Callback {
    private Callback() {}

    /** A function with what it was granted as. */
    static final class Function {
        private final HostFunction function;
        private final Signature signature;
        private final String name;

        Function(HostFunction function, Signature signature, String name) {
            this.function = function;
            this.signature = signature;
            this.name = name;
        }

        /** Calls it; the status says how it ended, {@code results} has room for what it returns. */
        int call(long number, long context, long[] args, long[] results) {
            Run run = Run.of(context);
            Caller caller = new Caller(number, run.context);
            try {
                Value[] returned = function.call(caller, Value.unpack(args));
                Value[] values = returned == null ? new Value[0] : returned;
                if (!signature.isReturned(values)) {
                    throw new IllegalStateException(name + " has to return " + signature.results());
                }
                long[] packed = Value.pack(values);
                System.arraycopy(packed, 0, results, 0, packed.length);
                return Failure.OK;
            } catch (HaltException e) {
                if (e.isOf(caller)) {
                    return e.reason().status();
                }
                return failed(run, caller, e);
            } catch (Throwable e) {
                return failed(run, caller, e);
            } finally {
                caller.end();
            }
        }

        private static int failed(Run run, Caller caller, Throwable thrown) {
            run.threw(thrown);
            String message = thrown.getMessage();
            caller.fail(message == null ? thrown.getClass().getName() : message);
            return Failure.HOST_FUNCTION;
        }
    }

    /** The time of a clock; 0 where it throws, and then the call does. */
    static long nanos(HostClock clock) {
        try {
            return clock.nanos();
        } catch (Throwable e) {
            Run.broke(e);
            return 0;
        }
    }

    /** How much of standard input has arrived; -1 once it is over, and where the source throws: then the call does. */
    static int input(InputSource source, byte[] buffer) {
        try {
            int count = source.read(buffer);
            if (count > buffer.length) {
                throw new IllegalStateException("it said " + count + " bytes of a buffer of " + buffer.length);
            }
            return count;
        } catch (Throwable e) {
            Run.broke(e);
            return -1;
        }
    }

    /** Random bytes; null where the source throws, and then the call does. */
    static byte[] random(RandomSource source, int length) {
        try {
            byte[] bytes = new byte[length];
            source.fill(bytes);
            return bytes;
        } catch (Throwable e) {
            Run.broke(e);
            return null;
        }
    }
}
