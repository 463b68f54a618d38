// Counts lines, words and bytes, as `wc` does.
import { input, writeText } from "./fuelbox_guest";
export { fuelbox_abi_version } from "./fuelbox_guest";

// Code outside of functions runs in the start function of the module.
const isBlank = new StaticArray<bool>(256);
isBlank[0x20] = true;
isBlank[0x09] = true;
isBlank[0x0a] = true;
isBlank[0x0c] = true;
isBlank[0x0d] = true;

export function execute(ptr: i32, len: i32): i32 {
  const text = input();
  let lines = 0;
  let words = 0;
  let inWord = false;
  for (let at = 0; at < text.length; at++) {
    const byte = text[at];
    if (byte == 0x0a) lines++;
    if (!inWord && !isBlank[byte]) words++;
    inWord = !isBlank[byte];
  }
  writeText(`${lines.toString()} ${words.toString()} ${text.length.toString()}`);
  return 0;
}
