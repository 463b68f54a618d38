/* Writes the input to the output. */
#include "fuelbox_guest.h"

static int32_t run(const uint8_t *input, uint32_t len) {
    fuelbox_write_output(input, len);
    return 0;
}

FUELBOX_ENTRY(run)
