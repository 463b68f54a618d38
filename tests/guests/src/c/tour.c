/* One call of everything: logs at each level, writes the start of the input, the time, random bytes. */
#include "fuelbox_guest.h"

static int32_t run(const uint8_t *input, uint32_t len) {
    (void)input, (void)len;
    fuelbox_log("plain");
    fuelbox_error("level 1");
    fuelbox_warn("level 2");
    fuelbox_info("level 3");
    fuelbox_debug("level 4");

    uint8_t buffer[12];
    fuelbox_write_output(buffer, fuelbox_read_input(buffer, 4));
    uint64_t seconds = fuelbox_time_nanos() / 1000000000;
    fuelbox_write_output(&seconds, sizeof seconds);
    fuelbox_read_random(buffer, sizeof buffer);
    fuelbox_write_output(buffer, sizeof buffer);
    return 0;
}

FUELBOX_ENTRY(run)
