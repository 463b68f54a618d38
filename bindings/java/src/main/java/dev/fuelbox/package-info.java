/**
 * Runs untrusted WebAssembly inside this process, with an interpreter and under strict limits.
 *
 * <p>Begin with {@link dev.fuelbox.WasmModule}, {@link dev.fuelbox.Sandbox} and {@link dev.fuelbox.Report}. What there
 * may not be is an {@link java.util.Optional}. No method takes null or returns it, except where it says so: {@link
 * dev.fuelbox.Caller#context}, {@link dev.fuelbox.Call#context} and {@link dev.fuelbox.HostFunction#call}.
 */
package dev.fuelbox;
