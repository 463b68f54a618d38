// Three planted bugs, as a fuzz target of libFuzzer: behind a magic number, a checksum, and a length.

function checksum(at: usize, size: u32): u32 {
  let sum: u32 = 0x811c9dc5;
  for (let i: u32 = 0; i < size; i++) sum = (sum ^ load<u8>(at + i)) * 0x01000193;
  return sum;
}

let zero: u32 = 0;

function failByMagic(): i32 {
  unreachable();
  return 0;
}

function failByChecksum(sum: u32): i32 {
  return sum / zero;
}

function failByLength(length: u32): i32 {
  return load<u8>(0xfff00000 + length);
}

export function LLVMFuzzerTestOneInput(data: usize, size: u32): i32 {
  if (size < 9) return 0;
  switch (load<u8>(data)) {
    case 0x4d: // M
      if (load<u64>(data + 1) == 0xa6d2ae2816157e2b) return failByMagic();
      break;
    case 0x43: // C
      if (size >= 12 && checksum(data + 5, size - 5) == load<u32>(data + 1)) {
        return failByChecksum(load<u32>(data + 1));
      }
      break;
    case 0x4c: { // L
      const length = bswap<u32>(load<u32>(data + 1));
      if (length == size - 5 && length > 40) return failByLength(length);
      break;
    }
  }
  return 0;
}

export function malloc(size: u32): usize {
  return heap.alloc(size);
}
