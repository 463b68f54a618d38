// One call of everything: logs at each level, writes the start of the input, the time, random bytes.
import { debug, error, info, log, readInput, readRandom, timeNanos, warn, writeOutput } from "./fuelbox_guest";
export { fuelbox_abi_version } from "./fuelbox_guest";

export function execute(ptr: i32, len: i32): i32 {
  log("plain");
  error("level 1");
  warn("level 2");
  info("level 3");
  debug("level 4");

  const start = new Uint8Array(4);
  writeOutput(start.subarray(0, readInput(start)));
  const seconds = new Uint8Array(8);
  store<u64>(seconds.dataStart, timeNanos() / 1_000_000_000);
  writeOutput(seconds);
  const random = new Uint8Array(12);
  readRandom(random);
  writeOutput(random);
  return 0;
}
