// Three planted bugs, as a fuzz target of libFuzzer: behind a magic number, a checksum, and a length.

#include <stddef.h>
#include <stdint.h>

static uint32_t number(const uint8_t *at) {
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static uint32_t checksum(const uint8_t *at, size_t size) {
    uint32_t sum = 0x811c9dc5;
    for (size_t i = 0; i < size; i++) sum = (sum ^ at[i]) * 0x01000193;
    return sum;
}

// A trap that each guest of the test has.
static int fail_by_magic(void) { __builtin_trap(); }

// No compiler knows what is in it.
static volatile uint32_t zero;

static int fail_by_checksum(uint32_t sum) { return (int)(sum / zero); }

static int fail_by_length(uint32_t length) { return *(volatile uint8_t *)(0xfff00000u + length); }

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < 9) return 0;
    switch (data[0]) {
    case 'M':
        if (number(data + 1) == 0x2b7e1516 && number(data + 5) == 0x28aed2a6) return fail_by_magic();
        break;
    case 'C':
        if (size >= 12 && checksum(data + 5, size - 5) == number(data + 1)) return fail_by_checksum(number(data + 1));
        break;
    case 'L': {
        uint32_t length = (uint32_t)data[1] << 24 | (uint32_t)data[2] << 16 | (uint32_t)data[3] << 8 | data[4];
        if (length == size - 5 && length > 40) return fail_by_length(length);
        break;
    }
    }
    return 0;
}

#ifdef __wasm__
static uint8_t buffer[1 << 16];

// The host asks once, for as much as an input can have.
void *malloc(size_t size) { return size <= sizeof buffer ? buffer : 0; }
#endif
