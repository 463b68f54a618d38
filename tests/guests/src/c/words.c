/* Counts lines, words and bytes, as `wc` does. */
#include "fuelbox_guest.h"

static int is_blank(uint8_t byte) {
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\f' || byte == '\r';
}

static void write_number(uint32_t number) {
    char digits[10];
    uint32_t start = sizeof digits;
    do {
        start -= 1;
        digits[start] = (char)('0' + number % 10);
        number /= 10;
    } while (number != 0);
    fuelbox_write_output(digits + start, sizeof digits - start);
}

static int32_t run(const uint8_t *input, uint32_t len) {
    uint32_t lines = 0, words = 0;
    int in_word = 0;
    for (uint32_t at = 0; at < len; at += 1) {
        lines += input[at] == '\n';
        words += !in_word && !is_blank(input[at]);
        in_word = !is_blank(input[at]);
    }
    write_number(lines);
    fuelbox_write_text(" ");
    write_number(words);
    fuelbox_write_text(" ");
    write_number(len);
    return 0;
}

FUELBOX_ENTRY(run)
