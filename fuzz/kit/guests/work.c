// Something to do for figures: so many rounds of a small automaton over the input, about ten operations each.

#include <stddef.h>
#include <stdint.h>

// How many rounds the first two bytes ask for, at most.
#define MOST_ROUNDS 0x3fff

static uint32_t table[64];

static uint32_t round_of(uint32_t state, uint32_t byte) {
    state = state * 33 + byte;
    if (state & 16) state ^= table[state & 63];
    if ((state & 7) == 3) table[byte & 63] = state;
    return state;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < 4) return 0;
    uint32_t rounds = ((uint32_t)data[0] | (uint32_t)data[1] << 8) & MOST_ROUNDS, state = 1;
    for (uint32_t i = 0; i < rounds; i++) state = round_of(state, data[2 + i % (size - 2)]);
    return state == 0xdeadbeef;
}

#ifdef __wasm__
static uint8_t buffer[1 << 16];

// The host asks once, for as much as an input can have.
void *malloc(size_t size) { return size <= sizeof buffer ? buffer : 0; }
#endif
