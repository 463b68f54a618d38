/* The smallest host, to see how large it is: `hello plugin.wasm` runs a plugin on "hello", and prints what it writes. */
#include "fuelbox.h"

#include <stdio.h>

int main(int argc, char **argv) {
    static uint8_t wasm[1 << 20], output[1 << 16];
    FILE *file = argc > 1 ? fopen(argv[1], "rb") : NULL;
    size_t len = file != NULL ? fread(wasm, 1, sizeof wasm, file) : 0;
    fuelbox_module *module;
    fuelbox_sandbox *sandbox;
    fuelbox_report *report;

    if (fuelbox_module_new(NULL, wasm, len, &module, NULL) != FUELBOX_STATUS_OK ||
        fuelbox_sandbox_new(NULL, &sandbox, NULL) != FUELBOX_STATUS_OK ||
        fuelbox_sandbox_grant_protocol(sandbox) != FUELBOX_STATUS_OK ||
        fuelbox_sandbox_run_input(sandbox, module, (const uint8_t *)"hello", 5, &report, NULL) != FUELBOX_STATUS_OK ||
        fuelbox_report_output(report, output, sizeof output, &len) != FUELBOX_STATUS_OK) {
        return 1;
    }
    printf("%.*s\n", (int)len, (const char *)output);
    return 0;
}
