// Tests of the guest in Node.js, on a host that is made up: npm test, after a build.
import assert from "node:assert";
import { readFileSync } from "node:fs";
import test from "node:test";

const module = new WebAssembly.Module(readFileSync(new URL("./@WASM@", import.meta.url)));

function run(input) {
  const bytes = new TextEncoder().encode(input);
  const text = (ptr, len) => new TextDecoder().decode(new Uint8Array(guest.exports.memory.buffer, ptr, len));
  let output = "";
  const env = {
    host_get_input_len: () => bytes.length,
    host_read_input: (ptr, len) => {
      const copied = bytes.subarray(0, len >>> 0);
      new Uint8Array(guest.exports.memory.buffer).set(copied, ptr);
      return copied.length;
    },
    host_write_output: (ptr, len) => { output += text(ptr, len); },
    host_log: (ptr, len) => console.log(text(ptr, len)),
  };
  const guest = new WebAssembly.Instance(module, { env });
  return { status: guest.exports.execute(0, bytes.length), output };
}

test("a name is greeted", () => {
  assert.deepStrictEqual(run("World"), { status: 0, output: "Hello, World!" });
});

test("an empty input is a failure", () => {
  assert.strictEqual(run("").status, 2);
});
