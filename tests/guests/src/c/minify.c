/* Takes the blanks out of JSON; strings stay as they are. */
#include "fuelbox_guest.h"

static int is_blank(uint8_t byte) {
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\f' || byte == '\r';
}

static int32_t run(const uint8_t *input, uint32_t len) {
    int in_string = 0, is_escaped = 0;
    uint32_t start = 0;
    for (uint32_t at = 0; at < len; at += 1) {
        if (is_blank(input[at]) && !in_string) {
            if (at > start) {
                fuelbox_write_output(input + start, at - start);
            }
            start = at + 1;
        }
        if (input[at] == '"' && !is_escaped) {
            in_string = !in_string;
        }
        is_escaped = in_string && input[at] == '\\' && !is_escaped;
    }
    if (len > start) {
        fuelbox_write_output(input + start, len - start);
    }
    return in_string ? fuelbox_fail(3, "a string does not end") : 0;
}

FUELBOX_ENTRY(run)
