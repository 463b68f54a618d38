package dev.fuelbox;

/** A function of the host that guests call. It may be called from every thread that runs a guest, at the same time. */
@FunctionalInterface
public interface HostFunction {
    /**
     * Answers one call.
     *
     * @param caller what can be seen of the run, until this returns
     * @param args of the types that the function was granted with
     * @return values of the types that it was granted with; null is none
     * @throws Exception to stop the run as {@code host-function}: it becomes the cause of what the host is told
     */
    Value[] call(Caller caller, Value[] args) throws Exception;
}
