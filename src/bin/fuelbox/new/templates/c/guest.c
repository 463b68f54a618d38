/* Greets whoever the input names. */
#include "fuelbox_guest.h"
#include "greeting.h"

static int32_t run(const uint8_t *input, uint32_t len) {
    static char greeting[1024];
    uint32_t written = greet(input, len, greeting, sizeof greeting);
    if (written == 0) {
        return fuelbox_fail(2, "the input is empty, or longer than a name");
    }
    fuelbox_info("a name was given");
    fuelbox_write_output(greeting, written);
    return 0;
}

FUELBOX_ENTRY(run)
