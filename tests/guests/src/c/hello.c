/* Greets whoever the input names. */
#include "fuelbox_guest.h"

static int32_t run(const uint8_t *input, uint32_t len) {
    if (len == 0) {
        return fuelbox_fail(2, "the input is empty: a name was expected");
    }
    fuelbox_info("a name was given");
    fuelbox_write_text("Hello, ");
    fuelbox_write_output(input, len);
    fuelbox_write_text("!");
    return 0;
}

FUELBOX_ENTRY(run)
