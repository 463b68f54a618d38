/* Panics with the input as its message. */
#include "fuelbox_guest.h"

static int32_t run(const uint8_t *input, uint32_t len) {
    char message[100];
    uint32_t at = 0;
    for (; at < len && at < sizeof message - 1; at += 1) {
        message[at] = (char)input[at];
    }
    message[at] = '\0';
    fuelbox_write_text("so far");
    fuelbox_panic(message);
}

FUELBOX_ENTRY(run)
