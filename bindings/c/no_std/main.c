/* Runs a plugin by the static library without std: its output must be "HELLO". */
#define _POSIX_C_SOURCE 200809L

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

int32_t plugin_run(const uint8_t *wasm, size_t wasm_len, const uint8_t *input, size_t input_len, uint8_t *output,
                   size_t *output_len, uint64_t (*clock)(void));

static uint64_t now(void) {
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

int main(int argc, char **argv) {
    static uint8_t wasm[1 << 16], output[5];
    FILE *file = argc > 1 ? fopen(argv[1], "rb") : NULL;
    size_t wasm_len = file != NULL ? fread(wasm, 1, sizeof wasm, file) : 0, output_len = 2;
    int32_t status = plugin_run(wasm, wasm_len, (const uint8_t *)"hello", 5, output, &output_len, now);

    if (status != -3 || output_len != 5) {
        printf("status %d, %zu bytes\n", (int)status, output_len);
        return 1;
    }
    status = plugin_run(wasm, wasm_len, (const uint8_t *)"hello", 5, output, &output_len, now);
    printf("status %d: %.*s\n", (int)status, (int)output_len, (const char *)output);
    return status == 0 && output_len == 5 && memcmp(output, "HELLO", 5) == 0 ? 0 : 1;
}
