// Write guests for fuelbox in AssemblyScript: input, output, log.
//
//     import { input, writeOutput } from "./fuelbox_guest";
//     export { fuelbox_abi_version } from "./fuelbox_guest";
//
//     export function execute(ptr: i32, len: i32): i32 {
//       writeOutput(input());
//       return 0;
//     }
//
// asc guest.ts -O --runtime stub --use abort=fuelbox_guest/abort -o guest.wasm
//
// Without `--use abort=..` a guest imports `env.abort`, which a host has to grant as a function of
// its own.

/** Version of the protocol that this file is for. */
export const ABI_VERSION: i32 = 1;

/** For the host to find: `export { fuelbox_abi_version } from "./fuelbox_guest";` */
export function fuelbox_abi_version(): i32 {
  return ABI_VERSION;
}

// The functions of the protocol as they are; what follows below is nicer to use.

// @ts-ignore: decorator
@external("env", "host_log")
export declare function host_log(ptr: usize, len: usize): void;

// @ts-ignore: decorator
@external("env", "host_get_input_len")
export declare function host_get_input_len(): usize;

// @ts-ignore: decorator
@external("env", "host_read_input")
export declare function host_read_input(ptr: usize, len: usize): usize;

// @ts-ignore: decorator
@external("env", "host_write_output")
export declare function host_write_output(ptr: usize, len: usize): void;

// @ts-ignore: decorator
@external("env", "host_get_time_nanos")
export declare function host_get_time_nanos(): u64;

// @ts-ignore: decorator
@external("env", "host_read_random")
export declare function host_read_random(ptr: usize, len: usize): void;

/** Logs `text` as it is. */
export function log(text: string): void {
  const bytes = String.UTF8.encode(text);
  host_log(changetype<usize>(bytes), bytes.byteLength);
}

/** Logs a line that starts with its level. */
export function error(text: string): void {
  log("error: " + text);
}

/** Logs a line that starts with its level. */
export function warn(text: string): void {
  log("warn: " + text);
}

/** Logs a line that starts with its level. */
export function info(text: string): void {
  log("info: " + text);
}

/** Logs a line that starts with its level. */
export function debug(text: string): void {
  log("debug: " + text);
}

/** Logs `text` as an error and gives back `status` to return; 0 would say that all went well, so it becomes 1. */
export function fail(status: i32, text: string): i32 {
  error(text);
  return status == 0 ? 1 : status;
}

/** What a `throw` or a failed `assert` calls, with `--use abort=fuelbox_guest/abort`: logs the message and traps. */
export function abort(message: string | null, file: string | null, line: u32, column: u32): void {
  const place = file === null ? "" : ` at ${file}:${line.toString()}:${column.toString()}`;
  error((message === null ? "abort" : message) + place);
  unreachable();
}

/** Length of the input in bytes. */
export function inputLen(): i32 {
  return <i32>host_get_input_len();
}

/** Copies the start of the input, as much as fits into `buffer`; returns how many bytes were copied. */
export function readInput(buffer: Uint8Array): i32 {
  return <i32>host_read_input(buffer.dataStart, buffer.byteLength);
}

/** The whole input. */
export function input(): Uint8Array {
  const buffer = new Uint8Array(inputLen());
  readInput(buffer);
  return buffer;
}

/** The whole input as a text. */
export function inputText(): string {
  const bytes = input();
  return String.UTF8.decodeUnsafe(bytes.dataStart, bytes.byteLength);
}

/** Appends to the output. A few large writes are cheaper than many small ones. */
export function writeOutput(bytes: Uint8Array): void {
  host_write_output(bytes.dataStart, bytes.byteLength);
}

/** Appends a text to the output. */
export function writeText(text: string): void {
  const bytes = String.UTF8.encode(text);
  host_write_output(changetype<usize>(bytes), bytes.byteLength);
}

/** Nanoseconds since the Unix epoch, where the host grants a clock. */
export function timeNanos(): u64 {
  return host_get_time_nanos();
}

/** Fills `buffer` with random bytes, where the host grants them; not for keys. */
export function readRandom(buffer: Uint8Array): void {
  host_read_random(buffer.dataStart, buffer.byteLength);
}
