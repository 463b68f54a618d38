// A planted bug, as a fuzz target of libFuzzer: behind four letters, of which each is a way of its own. So it is found
// by ways alone, without what is compared.

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < 4 || data[0] != 'f') return 0;
    if (data[1] != 'u') return 1;
    if (data[2] != 'e') return 2;
    if (data[3] != 'l') return 3;
    __builtin_trap();
}

#ifdef __wasm__
static uint8_t buffer[1 << 16];

// The host asks once, for as much as an input can have.
void *malloc(size_t size) { return size <= sizeof buffer ? buffer : 0; }
#endif
