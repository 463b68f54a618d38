// Panics with the input as its message.
import { inputText, writeText } from "./fuelbox_guest";
export { fuelbox_abi_version } from "./fuelbox_guest";

export function execute(ptr: i32, len: i32): i32 {
  writeText("so far");
  throw new Error(inputText());
}
