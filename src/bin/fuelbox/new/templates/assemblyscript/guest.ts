// Greets whoever the input names.
import { fail, info, inputText, writeText } from "./fuelbox_guest";
export { fuelbox_abi_version } from "./fuelbox_guest";

export function execute(ptr: i32, len: i32): i32 {
  const name = inputText().trim();
  if (name.length == 0) {
    return fail(2, "the input is empty: a name was expected");
  }
  info(`a name of ${name.length.toString()} letters`);
  writeText(`Hello, ${name}!`);
  return 0;
}
