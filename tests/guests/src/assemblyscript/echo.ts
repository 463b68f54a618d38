// Writes the input to the output.
import { input, writeOutput } from "./fuelbox_guest";
export { fuelbox_abi_version } from "./fuelbox_guest";

export function execute(ptr: i32, len: i32): i32 {
  writeOutput(input());
  return 0;
}
